using System.Runtime.CompilerServices;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a placement as a bundle keeps it.</summary>
/// <param name="run">What was chosen from.</param>
/// <param name="cascade">The chosen tiers under the rules that are served.</param>
/// <param name="measured">The computing of that cascade, timed as a whole on this machine.</param>
/// <param name="flows">The calibration flows.</param>
sealed class PlacementRecord(PlacementRun run, PlacedCascade cascade, IReadOnlyList<BatchCost> measured,
    FlowSample flows)
{
    /// <summary>A percent apart, and both ends.</summary>
    const int Quantiles = 101;

    public BundlePlacement ToBundle()
    {
        var point = cascade.Measure(flows);
        return new()
        {
            Objective = run.IsGiven ? "given" : run.Objective?.Aim.ToString().ToLowerInvariant() ?? "goal",
            Flows = flows.Count,
            Candidates = Candidates(),
            Cascades = [.. run.Front.Points.Zip(run.Front.Fronts, Cascade)],
            Chosen = Cascade(point, Fronts(point)),
            ChosenBatches = Batches(measured),
            Judged = Judged(cascade.Calibration.Estimate),
            Why = new PlacementReason(run, cascade, point).ToString(),
        };
    }

    static BundleJudgement Judged(LossEstimate estimate) => new()
    {
        MaxLoss = estimate.Asked,
        Captures = estimate.Captures,
        LargestCapture = estimate.LargestCapture,
        Loss = estimate.Level.Loss,
        LossBound = estimate.Level.LossBound,
        LostShare = estimate.Level.LostShare,
        LostBound = estimate.Level.LostBound,
        WorstCaptures = estimate.WorstCaptures,
        NestedLoss = estimate.NestedLoss,
    };

    BundleCandidate[] Candidates()
    {
        var means = run.Candidates.Select(c => c.ReadyNs.Average() / 1e6).ToArray();
        var fronts = PlacementFronts.Compute([.. run.Candidates.Select((c, i) =>
            (c.WeightedF1, c.LatencyNsMedian / 1e6, means[i] + (c.NsPerFlow / 1e6), c.NsPerFlow))]);
        return [.. run.Candidates.Select((c, i) => Candidate(c, means[i], fronts[i]))];
    }

    static BundleCandidate Candidate(TierCandidate candidate, double collectMsMean, PlacementFronts fronts) => new()
    {
        Model = candidate.Spec.Model,
        Packets = candidate.Spec.Depth,
        Engine = candidate.Cost.Engine,
        WeightedF1 = candidate.WeightedF1,
        MacroF1 = candidate.MacroF1,
        NsPerFlow = candidate.NsPerFlow,
        Batches = Batches(candidate.Cost.Batches),
        MemoryBytes = candidate.Cost.MemoryBytes,
        WaitingBytes = candidate.Spec.Depth * Unsafe.SizeOf<HeaderRecord>(),
        CollectMs = CollectMs(candidate.ReadyNs),
        CollectMsMean = collectMsMean,
        MeanMs = collectMsMean + (candidate.NsPerFlow / 1e6),
        MedianMs = candidate.LatencyNsMedian / 1e6,
        Pareto = Bundled(fronts),
    };

    static double[] CollectMs(IReadOnlyList<long> readyNs)
    {
        var sorted = readyNs.Order().ToArray();
        return
        [
            .. Enumerable.Range(0, Quantiles)
                .Select(q => sorted[(long)(sorted.Length - 1) * q / (Quantiles - 1)] / 1e6),
        ];
    }

    static BundleCascade Cascade(CascadePoint point, PlacementFronts fronts) => new()
    {
        Tiers = [.. point.Tiers.Select(t => t.ToString())],
        AnsweredShares = [.. Enumerable.Range(0, point.Tiers.Count).Select(point.AnsweredShare)],
        WeightedF1 = point.WeightedF1,
        MeanMs = point.MeanMs,
        MedianMs = point.MedianMs,
        NsPerFlow = point.ComputeNs,
        Pareto = Bundled(fronts),
    };

    /// <summary>Finds the fronts that the chosen cascade is on: its thresholds are finer than the front's.</summary>
    PlacementFronts Fronts(CascadePoint chosen)
    {
        CascadePoint[] points = [.. run.Front.Points, chosen];
        return PlacementFronts.Compute([.. points.Select(p => (p.WeightedF1, p.MedianMs, p.MeanMs, p.ComputeNs))])[^1];
    }

    static BundleFronts Bundled(PlacementFronts fronts) => new(fronts.Median, fronts.Mean, fronts.Rate);

    static BundleBatchCost[] Batches(IReadOnlyList<BatchCost> costs) =>
        [.. costs.Select(cost => new BundleBatchCost(cost.Flows, cost.NsPerFlow))];
}
