namespace ServeFlow.Cascade;

/// <summary>
/// How a tier decides: from a model's raw probabilities to answer or escalation. Serving, calibration and evaluation
/// all decide by this, so that what was measured is what is served.
/// </summary>
/// <param name="Temperature">Probabilities are raised to 1/temperature and normalised first.</param>
/// <param name="Measure">What is held against the thresholds.</param>
/// <param name="Thresholds">
/// Per predicted class (all equal where universal): a flow whose uncertainty is above it is escalated. 1 never
/// escalates, below 0 always. The last tier's are all +∞.
/// </param>
public sealed record TierRule(double Temperature, UncertaintyMeasure Measure, IReadOnlyList<double> Thresholds)
{
    readonly double[] thresholds = [.. Thresholds];

    public IReadOnlyList<double> Thresholds
    {
        get => thresholds;
        init => thresholds = [.. value];
    }

    /// <summary>The rule of a last tier, which answers every flow.</summary>
    public static TierRule Last(double temperature, UncertaintyMeasure measure, int classes) =>
        new(temperature, measure, [.. Enumerable.Repeat(double.PositiveInfinity, classes)]);

    /// <summary>The same without calibration: it decides by the model's own probabilities.</summary>
    public TierRule Uncalibrated => this with { Temperature = 1 };

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

        return new(labels, confidences,
            Uncertainty.Of(Measure, probabilities, confidences[0], confidences[1]), thresholds[labels[0]]);
    }
}
