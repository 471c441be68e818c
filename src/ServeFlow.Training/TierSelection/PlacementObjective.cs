namespace ServeFlow.Training.TierSelection;

/// <summary>Names what a cascade is chosen for.</summary>
public enum PlacementAim
{
    /// <summary>The least mean time to an answer.</summary>
    Mean,

    /// <summary>The least median time to an answer.</summary>
    Median,

    /// <summary>The most flows a second, which is the least computing per flow.</summary>
    Rate,

    /// <summary>The best weighted F1.</summary>
    F1,
}

/// <summary>Represents an aim and its limits; what is null is no limit.</summary>
public sealed record PlacementObjective(PlacementAim Aim)
{
    /// <summary>
    /// Waiting differs from cascade to cascade by more than this, or not in earnest. Costs within it count as equal.
    /// </summary>
    const double Step = 1e-3;

    /// <summary>Gets the weighted F1 that must be reached, on calibration flows; null: what the goal's loss
    /// allows.</summary>
    public double? MinF1 { get; init; }

    public double? MaxMeanMs { get; init; }

    public double? MaxMedianMs { get; init; }

    /// <summary>Gets the number of flows a second and core that computing must allow.</summary>
    public double? MinRate { get; init; }

    /// <summary>Gets the share of all flows that tiers of one packet must answer.</summary>
    public double? MinFirstPacketShare { get; init; }

    /// <summary>Gets the share of the first tier's wrong answers that must be escalated.</summary>
    public double? MinErrorsCaught { get; init; }

    /// <summary>Computes what the search minimises.</summary>
    internal double Cost(in SearchPoint point) => Cost(point.MeanMs, point.MedianMs, point.ComputeNs, -point.Correct);

    /// <inheritdoc cref="Cost(in SearchPoint)"/>
    internal double Cost(CascadePoint point) => Cost(point.MeanMs, point.MedianMs, point.ComputeNs, -point.WeightedF1);

    internal bool Allows(in SearchPoint point, int flows) =>
        Allows(point.MeanMs, point.MedianMs, point.ComputeNs)
        && !(point.FirstPacket < MinFirstPacketShare * flows)
        && !(point.FirstErrors.Caught < MinErrorsCaught * point.FirstErrors.Wrong);

    internal bool Allows(CascadePoint point) => Allows(point.MeanMs, point.MedianMs, point.ComputeNs)
        && !(point.FirstPacketShare < MinFirstPacketShare) && !(point.ErrorsCaught < MinErrorsCaught);

    bool Allows(double meanMs, double medianMs, double computeNs) =>
        !(meanMs > MaxMeanMs) && !(medianMs > MaxMedianMs) && !(1e9 / computeNs < MinRate);

    double Cost(double meanMs, double medianMs, double computeNs, double f1) => Aim switch
    {
        PlacementAim.Mean => Rounded(meanMs),
        PlacementAim.Median => Rounded(medianMs),
        PlacementAim.Rate => Rounded(computeNs),
        _ => f1,
    };

    /// <summary>Rounds to the nearest of steps that are a thousandth apart.</summary>
    static double Rounded(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        var step = Math.Log(value) / Step;
        return Math.Exp(Math.Round(step) * Step);
    }
}

/// <summary>Says which of two chains is preferred, each at the level that it would be served at.</summary>
interface IChainPreference
{
    /// <summary>Determines whether a chain keeps the limits at a level.</summary>
    bool Allows(CascadePoint point);

    /// <summary>Determines whether a chain is preferred to one that comes before it.</summary>
    bool Prefers(ChosenChain chain, ChosenChain other);
}

/// <summary>
/// Prefers the chain that answers more flows without waiting for packets; where that is about equal the one that
/// waits less in the mean, and where that is too, the one that comes first, which has fewer tiers.
/// </summary>
sealed class EarlyAnswers : IChainPreference
{
    /// <summary>Specifies the share of the flows that a chain must keep from waiting, beyond another, to be
    /// preferred.</summary>
    const double MinShare = 0.01;

    /// <summary>Specifies the share of the mean time that a chain must save to be preferred.</summary>
    const double MinTimeSaved = 0.05;

    public bool Allows(CascadePoint point) => true;

    public bool Prefers(ChosenChain chain, ChosenChain other)
    {
        var earlier = chain.Estimate.FirstDepthShare - other.Estimate.FirstDepthShare;
        return earlier > MinShare
            || (earlier >= -MinShare / 2 && chain.Point.MeanMs < other.Point.MeanMs * (1 - MinTimeSaved));
    }
}

/// <summary>Prefers the chain of the least cost for an objective.</summary>
sealed class LeastCost(PlacementObjective objective) : IChainPreference
{
    public bool Allows(CascadePoint point) => objective.Allows(point);

    public bool Prefers(ChosenChain chain, ChosenChain other) =>
        objective.Cost(chain.Point) < objective.Cost(other.Point);
}
