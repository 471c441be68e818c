namespace ServeFlow.Cascade.Decisions;

/// <summary>
/// Names a measure of how unsure a probability vector p (sorted descending: p1 ≥ p2 ≥ …) is; 0 is sure.
/// </summary>
public enum UncertaintyMeasure
{
    /// <summary>1 − p1.</summary>
    LeastConfidence,

    /// <summary>1 − (p1 − p2).</summary>
    Margin,

    /// <summary>−Σ p ln p / ln K.</summary>
    Entropy,

    /// <summary>
    /// (1 + g) / 2, where g is the gain that the tier's <see cref="GainModel"/> expects of escalating the flow. No
    /// function of p.
    /// </summary>
    ExpectedGain,
}
