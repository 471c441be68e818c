using System.Text.Json.Serialization;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Records what the tiers were chosen from: every candidate as measured, the cascades that none beats, and why the
/// chosen one was taken. Scores are of flows that the model in question had not seen. Computing is estimated by what
/// each model has to do, so that the same training writes the same bytes on any machine; what the machine that trained
/// measured is kept apart, in <see cref="BundleTimings"/>, and is filled in here when a bundle is read.
/// </summary>
public sealed record BundlePlacement
{
    /// <summary>
    /// Gets the objective: <c>goal</c>, <c>mean</c>, <c>median</c>, <c>rate</c>, <c>f1</c>, or <c>given</c> where the
    /// user named the tiers.
    /// </summary>
    public required string Objective { get; init; }

    /// <summary>Gets the number of flows that candidates and cascades were measured on.</summary>
    public required int Flows { get; init; }

    public required IReadOnlyList<BundleCandidate> Candidates { get; init; }

    /// <summary>Gets the cascades of one tier or more that no other beats; by rising weighted F1.</summary>
    public required IReadOnlyList<BundleCascade> Cascades { get; init; }

    /// <summary>Gets the chosen one, as it is served.</summary>
    public required BundleCascade Chosen { get; init; }

    /// <summary>Gets its computing, timed as a whole, by flows in a batch; null where no times are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BundleBatchCost>? ChosenBatches { get; init; }

    /// <summary>Gets what the chosen cascade is estimated to lose on other captures; null in older bundles.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BundleJudgement? Judged { get; init; }

    /// <summary>Gets the split-half check that older bundles have in place of <see cref="Judged"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("halves")]
    public BundleSplitHalves? SplitHalves { get; init; }

    /// <summary>Gets a few sentences: why it was chosen, and whether it beats every single model.</summary>
    public required string Why { get; init; }
}

/// <summary>Represents a model at a packet depth that could have become a tier.</summary>
public sealed record BundleCandidate
{
    /// <inheritdoc cref="BundleTier.Model"/>
    public required string Model { get; init; }

    /// <inheritdoc cref="BundleTier.Packets"/>
    public required int Packets { get; init; }

    /// <summary>
    /// Gets the engine that served the model where it was trained: <c>avx512</c>, <c>portable</c>, <c>reference</c>, or
    /// that of another format; null where no times are kept.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Engine { get; init; }

    public required double WeightedF1 { get; init; }

    public required double MacroF1 { get; init; }

    /// <summary>Gets the nanoseconds of computing per flow, features and scoring, in full batches on one core, as
    /// estimated by what the model has to do.</summary>
    public required double NsPerFlow { get; init; }

    /// <summary>Computing as measured where the model was trained, by flows in a batch; null where no times are kept.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BundleBatchCost>? Batches { get; init; }

    /// <summary>Gets the number of bytes of the model as it was served there; null where no times are kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MemoryBytes { get; init; }

    /// <summary>Gets the number of bytes of headers that a flow holds while it waits for this depth.</summary>
    public required long WaitingBytes { get; init; }

    /// <summary>
    /// Milliseconds that flows wait for the depth, by the captures' own clock: quantiles at equal steps from the
    /// shortest to the longest, two or more.
    /// </summary>
    public required IReadOnlyList<double> CollectMs { get; init; }

    public required double CollectMsMean { get; init; }

    /// <summary>Gets the milliseconds from the first packet to the answer were this model to answer every
    /// flow.</summary>
    public required double MeanMs { get; init; }

    /// <inheritdoc cref="MeanMs"/>
    public required double MedianMs { get; init; }

    /// <summary>
    /// Gets the fronts that the candidate is on: no other candidate is better in weighted F1 and no worse in time or
    /// rate.
    /// </summary>
    public required BundleFronts Pareto { get; init; }
}

/// <summary>Gives the measured cost of a batch of one size.</summary>
/// <param name="Flows">The number of flows in the batch.</param>
/// <param name="NsPerFlow">The median of several passes.</param>
public sealed record BundleBatchCost(int Flows, double NsPerFlow);

/// <summary>Weighted F1 lost against the last tier on every flow, where thresholds are chosen on half of the captures.
/// </summary>
/// <param name="OwnLoss">On that half.</param>
/// <param name="OtherLoss">On the other half.</param>
public sealed record BundleSplitHalves(double OwnLoss, double OtherLoss);

/// <summary>
/// Says what the chosen cascade is estimated to lose, on flows that were answered by models, thresholds and timeouts
/// which had not seen them.
/// </summary>
public sealed record BundleJudgement
{
    /// <summary>Gets the weighted F1 that may be lost; null where nothing was asked.</summary>
    public double? MaxLoss { get; init; }

    /// <summary>Gets the number of captures that the bounds rest on.</summary>
    public required int Captures { get; init; }

    /// <summary>Gets the largest capture's share of the flows.</summary>
    public required double LargestCapture { get; init; }

    /// <summary>Gets the weighted F1 lost.</summary>
    public required double Loss { get; init; }

    /// <summary>Gets the weighted F1 that 95 % of draws of captures lose at most.</summary>
    public required double LossBound { get; init; }

    /// <summary>Gets the share of flows lost: answered early and wrongly where the last tier is right.</summary>
    public required double LostShare { get; init; }

    /// <summary>Gets the share of flows lost that 95 % of draws stay within.</summary>
    public required double LostBound { get; init; }

    /// <summary>Gets the share of the flows lost that are of the three captures that lose most.</summary>
    public required double WorstCaptures { get; init; }

    /// <summary>Gets the weighted F1 lost where the choice itself is made on some folds and judged on another; null
    /// where that cannot be told.</summary>
    public double? NestedLoss { get; init; }
}

/// <summary>Tells on which fronts of weighted F1 a candidate or cascade lies.</summary>
/// <param name="Median">the median time to an answer.</param>
/// <param name="Mean">the mean time to an answer.</param>
/// <param name="Rate">flows a second, which is computing per flow.</param>
public sealed record BundleFronts(bool Median, bool Mean, bool Rate);

/// <summary>Represents a cascade and what it does.</summary>
public sealed record BundleCascade
{
    /// <summary>Gets the tiers in order, each written like <c>lgbm@10</c>.</summary>
    public required IReadOnlyList<string> Tiers { get; init; }

    /// <summary>Gets the share of all flows that each tier answers.</summary>
    public required IReadOnlyList<double> AnsweredShares { get; init; }

    public required double WeightedF1 { get; init; }

    /// <summary>Gets the milliseconds from a flow's first packet to its answer: waiting and computing.</summary>
    public required double MeanMs { get; init; }

    /// <inheritdoc cref="MeanMs"/>
    public required double MedianMs { get; init; }

    /// <summary>
    /// Nanoseconds of computing per flow: each tier's estimated cost by the flows that reach it.
    /// </summary>
    public required double NsPerFlow { get; init; }

    public required BundleFronts Pareto { get; init; }
}
