using ServeFlow.Models;

namespace ServeFlow.Cascade;

/// <summary>One tier: a model, the number of packets it waits for, and when its answer is sure enough.</summary>
public sealed class TierPlan
{
    public required string Name { get; init; }

    /// <summary>What kind of model it is: <c>dt</c>, <c>rf</c>, <c>lgbm</c>.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required int PacketDepth { get; init; }

    public required Forest Forest { get; init; }

    /// <summary>Probabilities are raised to 1/temperature and normalised before uncertainty is measured.</summary>
    public required double Temperature { get; init; }

    public required UncertaintyMeasure Measure { get; init; }

    /// <summary>
    /// Per predicted class (all equal where universal): a flow whose uncertainty is above it is escalated.
    /// 1 never escalates, below 0 always. The last tier's are all +∞.
    /// </summary>
    public required IReadOnlyList<double> Thresholds { get; init; }

    /// <summary>
    /// From a model's raw probabilities to the tier's decision. Serving, calibration and evaluation all decide by
    /// this method, so that what was measured is what is served.
    /// </summary>
    /// <param name="probabilities">One flow's, raw; calibrated in place.</param>
    public TierDecision Decide(Span<float> probabilities)
    {
        // Ranked before scaling: rounding could make two classes equal afterwards.
        TierDecision.RankTop(probabilities, out var labels);
        Cascade.Temperature.Apply(probabilities, Temperature);
        Classification.TopProbabilities confidences = default;
        for (var rank = 0; rank < Classification.TopCount && labels[rank] >= 0; rank++)
        {
            confidences[rank] = probabilities[labels[rank]];
        }

        return new(labels, confidences, Uncertainty.Of(Measure, probabilities), Thresholds[labels[0]]);
    }

    /// <summary>A new scorer for one worker.</summary>
    public IScorer CreateScorer() => throw new NotSupportedException();
}
