using System.Text;
using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>What training made, and what it measured on flows that the models had not seen.</summary>
public sealed class TrainSummary
{
    readonly DataSet data;
    readonly int flows;
    readonly TimeSpan elapsed;

    internal TrainSummary(string bundle, DataSet data, int flows, TimeSpan elapsed, PlacedCascade cascade,
        IReadOnlyList<TierCandidate> candidates, FlowSample judged)
    {
        Bundle = bundle;
        this.data = data;
        this.flows = flows;
        this.elapsed = elapsed;
        Cascade = cascade;
        Candidates = candidates;
        Pareto = ParetoFront.Compute(candidates);
        Score = new(cascade.Calibration.Run, [.. cascade.Tiers.Select(t => t.Predictions)],
            [.. cascade.Tiers.Select(t => t.Spec.Depth)], judged);
    }

    /// <summary>The folder of the version that was written.</summary>
    public string Bundle { get; }

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

    /// <summary>The object that <c>train --json</c> prints.</summary>
    public JsonObject ToJson() => new()
    {
        ["bundle"] = Bundle,
        ["classes"] = data.Labels.Count,
        ["flows"] = flows,
        ["window_ms"] = data.Unit.Length?.TotalMilliseconds,
        ["features"] = data.Schema.Set,
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
        ["tiers"] = new JsonArray([.. Cascade.Tiers.Select((t, i) => TierJson(t, i))]),
        ["candidates"] = new JsonArray([.. Candidates.Select((c, i) => CandidateJson(c, i))]),
        ["placement"] = PlacementText.ToJson(Placement),
        ["import_warnings"] = new JsonArray([.. ImportWarnings.Select(warning => (JsonNode?)warning)]),
        ["unknown"] = Unknown is null ? null : UnknownText.Json(Unknown),
        ["near_duplicates"] = new JsonArray([.. NearDuplicates.Select(report => report.ToJson())]),
        ["giveaways"] = new JsonArray([.. ShortcutFeatures.Select(giveaway => giveaway.ToJson())]),
    };

    /// <summary>The same for people: the candidates, and the tiers that were made of them.</summary>
    public string ToText()
    {
        var text = new StringBuilder(PlacementText.Candidates(Placement));
        text.Append('\n').Append(PlacementText.Cascades(Placement));
        var tiers = new TextTable("tier", "model", "packets", "weighted F1", "answers", "escalates", "errors caught",
            "measure", "assignment");
        foreach (var (i, t) in Cascade.Tiers.Index())
        {
            var isLast = i == Cascade.Tiers.Count - 1;
            tiers.Add(TierName.From(i, Cascade.Tiers.Count), t.Spec.Model, $"{t.Spec.Depth}", NumberText.Fixed(t.WeightedF1, 4),
                NumberText.Percent(Score.AnsweredShare(i)), NumberText.Percent(Score.EscalatedShare(i)),
                isLast ? "" : NumberText.Percent(Score.ErrorsCaught(i)),
                isLast ? "" : MeasureName.Format(Cascade.Calibration.Rules[i].Measure),
                isLast ? "" : AssignmentKindName.From(Cascade.Calibration.Tiers[i].Kind));
        }

        text.Append('\n').Append(tiers).Append('\n').Append(AssignmentText.Table(Cascade));
        text.Append($"\ncascade: weighted F1 {NumberText.Fixed(Score.WeightedF1, 4)}, slow on every flow "
            + $"{NumberText.Fixed(Cascade.Tiers[^1].WeightedF1, 4)}; answered from the first packet {NumberText.Percent(Score.FirstPacketShare)}\n");
        if (Cascade.EscalationTimeouts is { } patience)
        {
            text.Append($"patience: calibration flows wait {NumberText.Fixed(patience.MeanMs, 1)} ms on average, "
                + $"{NumberText.Fixed(patience.MeanMsBefore, 1)} ms to the wait limit\n");
        }

        if (Promise is { } kept)
        {
            text.Append($"promise: {PromiseText(kept)}\n");
        }

        text.Append(Unknown is null ? "" : UnknownText.Format(Unknown));
        foreach (var note in NearDuplicates.Select(report => $"near-duplicates: {report}").Append(SplitWarning)
            .Concat(ShortcutFeatures.Select(giveaway => $"warning: {giveaway}")))
        {
            text.Append(note is null ? "" : note + "\n");
        }

        return text.ToString();
    }

    static string PromiseText(CalibratedPromise kept) => kept.Level == 0
        ? $"a loss of at most {NumberText.Percent(kept.Promise.MaxLoss)} cannot be promised with {NumberText.Percent(kept.Promise.Confidence)} "
            + $"confidence on {kept.Flows} flows: every flow goes to the slow tier"
        : $"early answers lose at most {NumberText.Percent(kept.Promise.MaxLoss)} of all flows, with {NumberText.Percent(kept.Promise.Confidence)} "
            + $"confidence: {kept.Lost} of {kept.Flows} test flows lost, at most {NumberText.Percent(kept.Bound)} credible";

    JsonObject TierJson(TierCandidate tier, int number) => new()
    {
        ["name"] = TierName.From(number, Cascade.Tiers.Count),
        ["model"] = tier.Spec.Model,
        ["packets"] = tier.Spec.Depth,
        ["weighted_f1"] = tier.WeightedF1,
        ["ns_per_flow"] = Math.Round(tier.NsPerFlow, 1),
        ["assignment"] = number == Cascade.Tiers.Count - 1 ? null : AssignmentText.Json(Cascade.Calibration.Tiers[number]),
    };

    JsonObject CandidateJson(TierCandidate candidate, int number) => new()
    {
        ["model"] = candidate.Spec.Model,
        ["packets"] = candidate.Spec.Depth,
        ["weighted_f1"] = candidate.WeightedF1,
        ["macro_f1"] = candidate.MacroF1,
        ["ns_per_flow"] = Math.Round(candidate.NsPerFlow, 1),
        ["collect_ms_median"] = candidate.CollectMsMedian,
        ["pareto"] = Pareto[number],
    };
}
