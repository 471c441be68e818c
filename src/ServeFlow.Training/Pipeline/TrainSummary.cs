using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>What training made, and what it measured on flows that the models had not seen.</summary>
public sealed class TrainSummary
{
    internal TrainSummary(string bundle, DataSet data, int flows, TimeSpan elapsed, PlacedCascade cascade,
        IReadOnlyList<TierCandidate> candidates, FlowSample judged)
    {
        Bundle = bundle;
        Data = data;
        Flows = flows;
        Elapsed = elapsed;
        Cascade = cascade;
        Candidates = candidates;
        Pareto = ParetoFront.Compute(candidates);
        Score = new(cascade.Calibration.Run, [.. cascade.Tiers.Select(t => t.Predictions)],
            [.. cascade.Tiers.Select(t => t.Spec.Depth)], judged);
    }

    /// <summary>The folder of the version that was written.</summary>
    public string Bundle { get; }

    public DataSet Data { get; }

    /// <summary>Gets the number of flows that the models were trained on.</summary>
    public int Flows { get; }

    public TimeSpan Elapsed { get; }

    public PlacedCascade Cascade { get; }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    /// <summary>Whether each candidate is on the front of weighted F1 and latency.</summary>
    public IReadOnlyList<bool> Pareto { get; }

    /// <summary>Of the calibrated cascade, on the predictions that it was calibrated on.</summary>
    public CascadeScore Score { get; }

    /// <summary>What the tiers were chosen from, and why.</summary>
    public required BundlePlacement Placement { get; init; }

    /// <summary>What is doubtful about the split; null where nothing is.</summary>
    public string? SplitWarning { get; init; }

    /// <summary>What to know about imported models before believing a figure.</summary>
    public IReadOnlyList<string> ImportWarnings { get; init; } = [];

    /// <summary>What was promised and tested; null where nothing was.</summary>
    public CalibratedPromise? Promise { get; init; }

    /// <summary>What leaving each class out showed; null where every flow is given a class.</summary>
    public BundleUnknown? Unknown { get; init; }

    /// <summary>Flows of the first fold that look like one it was predicted from, for each depth of a tier.</summary>
    public IReadOnlyList<NearDuplicateReport> NearDuplicates { get; init; } = [];

    /// <summary>Classes that one field tells by itself.</summary>
    public IReadOnlyList<ShortcutFeature> ShortcutFeatures { get; init; } = [];
}
