namespace ServeFlow.Benchmarks.Scale;

/// <summary>Represents a tier that a sensor's worker scores itself.</summary>
/// <param name="Reached">The share of the flows that reach it.</param>
/// <param name="Curve">The time of its batches.</param>
sealed record SensorTier(double Reached, BatchCurve Curve);

/// <summary>Says how long a worker thread takes for the flows that it found in its ring.</summary>
/// <param name="PathPerFlow">Nanoseconds of a flow with all of its packets, without tiers of which the curve is known.
/// </param>
/// <param name="Tiers">These tiers.</param>
sealed record SensorCosts(double PathPerFlow, IReadOnlyList<SensorTier> Tiers)
{
    /// <summary>Holds the flows of a full batch, which is scored at once.</summary>
    public const int FullBatch = 512;

    /// <summary>Creates the costs from the time of a flow where all batches are full.</summary>
    /// <param name="perFlow">Nanoseconds of a flow with all of its packets and tiers.</param>
    public static SensorCosts FromFullBatches(double perFlow, IReadOnlyList<SensorTier> tiers) =>
        new(perFlow - tiers.Sum(tier => tier.Reached * tier.Curve.Time(FullBatch) / FullBatch), tiers);

    /// <summary>
    /// Computes nanoseconds of the work for some flows on a machine that is idle otherwise. Where more flows wait than
    /// a full batch has, a tier's batch is filled before it is scored.
    /// </summary>
    public double Time(int flows) => (flows * PathPerFlow) + Tiers.Sum(tier => flows < FullBatch
        ? tier.Curve.Time(flows * tier.Reached)
        : flows * tier.Reached * tier.Curve.Time(FullBatch) / FullBatch);
}
