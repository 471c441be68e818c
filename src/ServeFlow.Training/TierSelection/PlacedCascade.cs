using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents tiers and their calibration.</summary>
public sealed record PlacedCascade(IReadOnlyList<TierCandidate> Tiers, CascadeCalibration Calibration)
{
    /// <summary>Gets the escalation timeouts of the tiers; null waits to the wait limit.</summary>
    public FittedEscalationTimeouts? EscalationTimeouts { get; init; }

    /// <summary>Gets what the tiers see of the calibration flows where they do not wait to the limit.</summary>
    internal CascadeView? View { get; init; }

    /// <summary>Gets each tier's predictions on the packets that the cascade waits for.</summary>
    internal IReadOnlyList<Predictions> SeenPredictions => View?.Tiers ?? [.. Tiers.Select(t => t.Predictions)];

    /// <summary>Measures what the cascade does with the calibration flows.</summary>
    public CascadePoint Measure(FlowSample flows) => CascadePoint.Measure(Tiers, flows,
        flow => (Calibration.Run.Tier(flow), Calibration.Run.Answer(flow)), View is null ? null : View.ReadyNs);
}
