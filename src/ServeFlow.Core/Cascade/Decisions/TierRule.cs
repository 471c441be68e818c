namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// Decides for a tier: turns a model's raw probabilities into an answer or an escalation. Serving, calibration and
/// evaluation all use it, so what was measured is what is served.
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

    /// <summary>Applied to the top probability after the temperature; null leaves it as it is.</summary>
    public IsotonicMap? Isotonic { get; init; }

    /// <summary>Returns the rule of a last tier, which answers every flow.</summary>
    public static TierRule ForLastTier(double temperature, UncertaintyMeasure measure, int classes) =>
        new(temperature, measure, [.. Enumerable.Repeat(double.PositiveInfinity, classes)]);

    /// <summary>Gets the threshold of a predicted class.</summary>
    internal double ThresholdOf(int label) => thresholds[label];

    /// <summary>Gets the same rule without calibration: it decides by the model's own probabilities.</summary>
    public TierRule Uncalibrated => this with { Temperature = 1, Isotonic = null };

    /// <param name="probabilities">One flow's, raw; calibrated in place.</param>
    /// <param name="expectedGain">The gain that the tier's <see cref="GainModel"/> expects, from −1 to 1; read only
    /// where the measure is expected gain.</param>
    public TierDecision Decide(Span<float> probabilities, float expectedGain = 0)
    {
        // Ranked before scaling: rounding could make two classes equal afterwards.
        TierDecision.RankTop(probabilities, out var labels);
        ServeFlow.Cascade.Decisions.Temperature.Apply(probabilities, Temperature);
        Isotonic?.Apply(probabilities, labels[0], labels[1]);
        Classification.TopProbabilities confidences = default;
        for (var rank = 0; rank < Classification.TopCount && labels[rank] >= 0; rank++)
        {
            confidences[rank] = probabilities[labels[rank]];
        }

        var uncertainty = Measure == UncertaintyMeasure.ExpectedGain
            ? Uncertainty.FromGain(expectedGain)
            : Uncertainty.Compute(Measure, probabilities, confidences[0], confidences[1]);
        return new(labels, confidences, uncertainty, thresholds[labels[0]]);
    }
}
