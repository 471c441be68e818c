using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Explains in sentences why a cascade was chosen, and how it stands against each single model on the front.
/// </summary>
sealed class PlacementReason(PlacementRun run, PlacedCascade cascade, CascadePoint chosen)
{
    public override string ToString() => $"{DescribeRequest()} {CompareWithSingleModel()}{DescribeLoss()}";

    string DescribeRequest() => run switch
    {
        { IsGiven: true } => "The tiers were given.",
        { Objective: { } objective } => $"Of all cascades of up to four of {run.Candidates.Count} candidates, "
            + $"{Aim(objective.Aim)}{Limits(objective)}, on {chosen.Flows} calibration flows.",
        _ => $"Asked for a loss of weighted F1 of at most {run.Goal.MaxLoss}: of the chains that end with the best "
            + "model the one that answers most flows on the first packets.",
    };

    static string Aim(PlacementAim aim) => aim switch
    {
        PlacementAim.Mean => "the least mean time to an answer",
        PlacementAim.Median => "the least median time to an answer",
        PlacementAim.Rate => "the most flows a second",
        _ => "the best weighted F1",
    };

    string Limits(PlacementObjective objective)
    {
        string?[] limits =
        [
            objective.Aim == PlacementAim.F1 ? null
                : objective.MinF1 is { } least ? $"weighted F1 {least} or above"
                : $"weighted F1 at most {run.Goal.MaxLoss} below the best model's",
            objective.MaxMeanMs is { } mean ? $"{mean} ms in the mean" : null,
            objective.MaxMedianMs is { } median ? $"{median} ms in the median" : null,
            objective.MinRate is { } rate ? $"{rate} flows/s and core" : null,
            objective.MinFirstPacketShare is { } share ? $"{share:P0} answered on packet 1" : null,
            objective.MinErrorsCaught is { } caught ? $"{caught:P0} of the first tier's errors escalated" : null,
        ];
        var given = string.Join(" and ", limits.OfType<string>());
        return given.Length > 0 ? $" with {given}" : "";
    }

    /// <summary>Computed, model by model: in weighted F1 and in mean time.</summary>
    string CompareWithSingleModel()
    {
        var singles = run.Candidates.Where(c => chosen.Tiers.Count > 1 || c.Spec != chosen.Tiers[0]).ToList();
        var means = singles.Select(c => (c.ReadyNs.Average() + c.NsPerFlow) / 1e6).ToArray();
        var isOnFront = ParetoFront.Compute([.. singles.Select((c, i) => (c.WeightedF1, means[i]))]);
        var (beaten, others) = (new List<string>(), new List<string>());
        foreach (var (i, single) in singles.Index().Where(s => isOnFront[s.Index]))
        {
            var (gain, times) = (chosen.WeightedF1 - single.WeightedF1, means[i] / chosen.MeanMs);
            if (gain >= 0 && times >= 1)
            {
                beaten.Add($"{single.Spec}");
            }
            else
            {
                others.Add(Other(single.Spec, gain, times));
            }
        }

        var beats = beaten.Count > 0
            ? $"It is as accurate and as fast as {string.Join(", ", beaten)} or better."
            : "It is not both more accurate and faster than any single model on the front.";
        return string.Join(' ', others.Prepend(beats));
    }

    /// <summary>Says what is lost, on flows that nothing of the cascade had seen.</summary>
    string DescribeLoss()
    {
        var estimate = cascade.Calibration.Estimate;
        if (cascade.Tiers.Count == 1)
        {
            return "";
        }

        var (level, groups) = (estimate.Level, $"{estimate.GroupWord}s");
        var loss = $" On {estimate.Captures} {groups}, each answered by models and thresholds of others, it loses "
            + $"{level.Loss:F4} of weighted F1, at most {level.LossBound:F4} in 95 % of draws of {groups}";
        return estimate.EscalatesAll
            ? $" No level of its thresholds keeps a loss of {estimate.Asked} on other {groups}, so every flow is "
                + $"escalated; give more {groups} or allow a larger loss."
            : loss + (estimate.NestedLoss is { } nested
                ? $"; where the choice too is made without them, {nested:F4}." : ".");
    }

    static string Other(ModelSpec single, double gain, double times) => (gain >= 0, times >= 1) switch
    {
        (true, false) => $"{single} answers sooner and is less accurate by {gain:F4}.",
        (false, true) => $"{single} is more accurate by {-gain:F4} and takes {times:F1} times as long.",
        _ => $"{single} is more accurate by {-gain:F4} and answers sooner: it alone would do.",
    };
}
