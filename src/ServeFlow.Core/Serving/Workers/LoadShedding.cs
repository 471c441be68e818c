using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Chooses the escalations that are left out while packets pile up: those with the least to gain first. An
/// escalation is worth as much as the tier's uncertainty lies above its threshold, as a share of all the way to 1:
/// thresholds are set where the next tier begins to be worth its while. The share left out rises with what piles up,
/// stays where it is between the two marks, and falls slowly below the lower one, so that it does not flap. Without
/// pressure nothing is left out, and records depend on the packets alone: a slow output never changes an answer.
/// </summary>
sealed class LoadShedding
{
    /// <summary>Half full: time to act, and room left to act in.</summary>
    public const double HighWaterMark = 0.5;

    public const double LowWaterMark = 0.25;

    /// <summary>
    /// Specifies the rise per burst at full pressure, as a share of the whole range: everything is left out after
    /// four bursts, a small part of what a ring holds.
    /// </summary>
    const double Rise = 0.25;

    /// <summary>Per burst without pressure: sixteen times as slow.</summary>
    const double Fall = Rise / 16;

    /// <summary>Escalations that gain no more than this are left out; 0 is none, 1 all.</summary>
    public double MinGain { get; private set; }

    /// <summary>Takes, once a burst, how full the source is, from 0 to 1.</summary>
    public void Update(double pressure)
    {
        if (pressure > HighWaterMark)
        {
            MinGain = Math.Min(1, MinGain + (Rise * (pressure - HighWaterMark) / (1 - HighWaterMark)));
        }
        else if (pressure < LowWaterMark)
        {
            MinGain = Math.Max(0, MinGain - Fall);
        }
    }

    public bool ShouldShed(in TierDecision decision) => MinGain > 0 && ComputeGain(decision) <= MinGain;

    /// <summary>0 to 1. A threshold below 0 always escalates: the uncertainty itself counts there.</summary>
    static double ComputeGain(in TierDecision decision)
    {
        var threshold = Math.Clamp(decision.Threshold, 0, 1);
        return threshold < 1 ? (decision.Uncertainty - threshold) / (1 - threshold) : 0;
    }
}
