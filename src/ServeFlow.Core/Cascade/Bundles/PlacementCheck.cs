namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Checks a manifest's placement. Nothing is served by it, but reports draw it: what would break a drawing is refused.
/// </summary>
sealed class PlacementCheck
{
    /// <summary>No drawing has room for more.</summary>
    const int MaxRows = 10_000;

    /// <summary>A percent apart, and both ends.</summary>
    const int MaxQuantiles = 101;

    readonly string path;

    PlacementCheck(string path) => this.path = path;

    /// <exception cref="InputException">A field is unusable; the message names file and field.</exception>
    public static void Run(BundlePlacement placement, string path) => new PlacementCheck(path).Run(placement);

    void Run(BundlePlacement placement)
    {
        Require(placement.Flows > 0, "flows", $"{placement.Flows}");
        CheckList(placement.Candidates, "candidates", CheckCandidate);
        CheckList(placement.Cascades, "cascades", CheckCascade);
        CheckCascade(placement.Chosen, "chosen");
        CheckBatches(placement.ChosenBatches, "chosen_batches");
    }

    void CheckList<T>(IReadOnlyList<T> items, string field, Action<T, string> check)
    {
        Require(items.Count <= MaxRows, field, $"{items.Count}, at most {MaxRows} are read");
        foreach (var (number, item) in items.Index())
        {
            Require(item is not null, $"{field}[{number}]", "it is null");
            check(item, $"{field}[{number}]");
        }
    }

    void CheckCandidate(BundleCandidate candidate, string field)
    {
        Require(candidate.Packets is >= 1 and <= BundleLimits.MaxPackets, $"{field}.packets", $"{candidate.Packets}");
        CheckScore(candidate.WeightedF1, $"{field}.weighted_f1");
        CheckScore(candidate.MacroF1, $"{field}.macro_f1");
        CheckAmount(candidate.NsPerFlow, $"{field}.ns_per_flow");
        CheckAmount(candidate.MemoryBytes ?? 0, $"{field}.memory_bytes");
        CheckAmount(candidate.WaitingBytes, $"{field}.waiting_bytes");
        CheckAmount(candidate.CollectMsMean, $"{field}.collect_ms_mean");
        CheckAmount(candidate.MeanMs, $"{field}.mean_ms");
        CheckAmount(candidate.MedianMs, $"{field}.median_ms");
        CheckBatches(candidate.Batches, $"{field}.batches");
        Require(candidate.CollectMs.Count is >= 2 and <= MaxQuantiles, $"{field}.collect_ms",
            $"{candidate.CollectMs.Count} quantiles, 2 to {MaxQuantiles} expected");
        Require(candidate.CollectMs.All(IsAmount) && candidate.CollectMs.Order().SequenceEqual(candidate.CollectMs),
            $"{field}.collect_ms", "the quantiles do not rise from 0 or above");
    }

    void CheckBatches(IReadOnlyList<BundleBatchCost>? batches, string field)
    {
        if (batches is null)
        {
            return;
        }

        Require(batches.Count > 0, field, "there is none");
        CheckList(batches, field, (batch, name) =>
            Require(batch.Flows > 0 && IsAmount(batch.NsPerFlow), name,
                $"{batch.NsPerFlow} ns for {batch.Flows} flows"));
    }

    void CheckCascade(BundleCascade cascade, string field)
    {
        Require(cascade.Tiers.Count is > 0 and <= BundleLimits.MaxTiers && !cascade.Tiers.Any(string.IsNullOrEmpty),
            $"{field}.tiers", $"none, more than {BundleLimits.MaxTiers}, or one is empty");
        Require(cascade.AnsweredShares.Count == cascade.Tiers.Count && cascade.AnsweredShares.All(IsShare),
            $"{field}.answered_shares", "not one share from 0 to 1 for each tier");
        CheckScore(cascade.WeightedF1, $"{field}.weighted_f1");
        CheckAmount(cascade.MeanMs, $"{field}.mean_ms");
        CheckAmount(cascade.MedianMs, $"{field}.median_ms");
        CheckAmount(cascade.NsPerFlow, $"{field}.ns_per_flow");
    }

    void CheckScore(double value, string field) => Require(IsShare(value), field, $"{value} is not between 0 and 1");

    void CheckAmount(double value, string field) => Require(IsAmount(value), field, $"{value} is not 0 or above");

    static bool IsShare(double value) => value is >= 0 and <= 1;

    static bool IsAmount(double value) => value >= 0 && double.IsFinite(value);

    void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw new InputException(BundleProblem.Field(path, $"placement.{field}", problem));
        }
    }
}
