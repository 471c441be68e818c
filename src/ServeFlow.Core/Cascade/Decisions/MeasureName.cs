namespace ServeFlow.Cascade.Decisions;

/// <summary>Uncertainty measures as bundles, options and records spell them.</summary>
public static class MeasureName
{
    public static string Format(UncertaintyMeasure measure) => measure switch
    {
        UncertaintyMeasure.LeastConfidence => "least_confidence",
        UncertaintyMeasure.Margin => "margin",
        UncertaintyMeasure.Entropy => "entropy",
        UncertaintyMeasure.ExpectedGain => "expected_gain",
        _ => throw new ArgumentOutOfRangeException(nameof(measure)),
    };

    /// <summary>Returns the measure of a name; null where it is none.</summary>
    public static UncertaintyMeasure? Parse(string name) => name switch
    {
        "least_confidence" => UncertaintyMeasure.LeastConfidence,
        "margin" => UncertaintyMeasure.Margin,
        "entropy" => UncertaintyMeasure.Entropy,
        "expected_gain" => UncertaintyMeasure.ExpectedGain,
        _ => null,
    };
}
