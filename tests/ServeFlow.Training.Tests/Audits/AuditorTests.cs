using System.Text.Json.Nodes;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Summaries;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

/// <summary>One small bundle, audited once, looked at from all sides.</summary>
public sealed class AuditorTests
{
    readonly TrainedBundle bundle;
    readonly AuditReport honesty;
    readonly ImportanceReport importance;

    public AuditorTests(TrainedBundle bundle)
    {
        this.bundle = bundle;
        honesty = bundle.Audited.Audit!;
        importance = bundle.Audited.Importance!;
    }

    [Fact]
    public void Run_Checks_AreAllThereInOrder() => Assert.Equal(["near_duplicates@1", "near_duplicates@3",
        "addresses_alone", "ports_alone", "ids_alone", "checksums_alone", "sequence_alone", "timestamps_alone",
        "shuffled_labels", "split_by_time"], honesty.Checks.Select(check => check.Name));

    [Fact]
    public void Run_FlowsThatDoNotLeak_FailsNothing()
    {
        Assert.DoesNotContain(honesty.Checks, check => check.Verdict == AuditVerdict.Failed);
        Assert.Equal(AuditVerdict.Skipped, honesty.Checks.Single(check => check.Name == "ports_alone").Verdict);
        Assert.Equal(bundle.Evaluated.Data.Flows, honesty.Flows);
    }

    [Fact]
    public void Run_Scores_StayAsTheyWere()
    {
        Assert.Equal(bundle.Evaluated with { Audit = honesty, Importance = importance }, bundle.Audited);
        Assert.Equal(bundle.Evaluated.Cascade.WeightedF1, importance.WeightedF1[0], 9);
    }

    [Fact]
    public void Run_DeduplicatedFlows_AreThoseWithoutANearDuplicate() => Assert.All(honesty.Deduplicated, novel =>
    {
        var twins = bundle.Audited.NearDuplicates.Single(report => report.Depth == novel.Packets).Flows;
        Assert.Equal(honesty.Flows - twins, novel.Flows);
    });

    [Fact]
    public void Run_Importance_FindsTheFieldsThatCarryTheClass()
    {
        Assert.Equal(["cascade", "fast", "slow"], importance.Systems);
        Assert.Equal(["ipv4_tl", "ipv4_ttl"], importance.Fields.Take(2).Select(row => row.Name).Order());
        Assert.All(importance.Fields.Skip(2), row => Assert.All(row.Losses, loss => Assert.Equal(0, loss.Mean)));
        Assert.True(Loss("ipv4_ttl", system: 1) > 0.2);
        Assert.True(Loss("ipv4_tl", system: 2) > 0.2);
        Assert.True(importance.Everything.Losses[0].Mean >= importance.Fields.Max(row => row.Losses[0].Mean));
        Assert.True(importance.Packets[2].Losses[2].Mean > importance.Packets[1].Losses[2].Mean);
        Assert.Equal(0, importance.Packets[2].Losses[1].Mean);
    }

    /// <summary>No model can learn one class; all else is measured.</summary>
    [Fact]
    public void Run_FlowsOfOneClass_SkipsWhatTrainsModels()
    {
        var trained = bundle.Bundle.Manifest.Data.Trained.Select(c => c.Sha256).ToHashSet();
        var data = SessionFlows.Data();
        var label = data.Flows.First(flow => !trained.Contains(data.Captures[flow.Capture].Sha256)).Label;
        var request = bundle.Request with
        {
            Data = new()
            {
                Schema = data.Schema,
                Depth = data.Depth,
                WaitLimit = data.WaitLimit,
                Labels = [data.Labels[label]],
                Captures = data.Captures,
                Flows = [.. data.Flows.Where(flow => flow.Label == label).Select(flow => flow with { Label = 0 })],
                Headers = data.Headers,
            },
        };
        var result = Evaluator.Run(request, cancel: TestContext.Current.CancellationToken);
        var audit = Auditor.Run(request, result, cancel: TestContext.Current.CancellationToken).Audit!;

        Assert.Equal(AuditVerdict.Skipped, audit.Checks[^1].Verdict);
        Assert.Contains($"all flows are of one class, '{data.Labels[label]}'", audit.Checks[^1].Sentence);
        Assert.Equal(["near_duplicates@1", "near_duplicates@3", "models"], audit.Checks.Select(check => check.Name));
    }

    [Fact]
    public void Run_UnseenCapturesAlone_SkipsWhatNeedsTheOthers()
    {
        var trained = bundle.Bundle.Manifest.Data.Trained.Select(c => c.Sha256).ToHashSet();
        var data = SessionFlows.Data();
        var all = FlowSample.All(data);
        var unseen = AuditFlows.From(all.Subset([]),
            all.Where(flow => !trained.Contains(data.Captures[flow.Capture].Sha256))).Data;
        var result = Auditor.Run(bundle.Request with { Data = unseen }, bundle.Evaluated,
            cancel: TestContext.Current.CancellationToken);

        Assert.Equal(["training_flows", "split_by_time"], result.Audit!.Checks.Select(check => check.Name));
        Assert.Equal(AuditVerdict.Skipped, result.Audit.Checks[0].Verdict);
        Assert.Empty(result.Audit.Deduplicated);
        Assert.Equal(importance.Fields.Count, result.Importance!.Fields.Count);
    }

    [Fact]
    public void ToJson_Fields_AreThoseThatScriptsRead()
    {
        var json = JsonNode.Parse(DocumentJson.Format(EvaluationDocument.From(bundle.Audited)))!.AsObject();

        Assert.Equal(["training_flows", "flows", "majority_f1", "checks", "novel"],
            json["honesty"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["name", "figure", "expected", "verdict", "sentence"],
            json["honesty"]!["checks"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal(["flows", "repeats", "weighted_f1", "fields", "packets", "everything"],
            json["importance"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["mean", "spread"],
            json["importance"]!["fields"]![0]!["loss"]!["cascade"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Text_Tables_NameChecksAndFields()
    {
        var text = EvaluationText.Format(bundle.Audited);

        Assert.All(["shuffled_labels", "ipv4_ttl", "packet 3", "all fields"], part => Assert.Contains(part, text));
        Assert.Contains("skipped: the feature set nprint:ip4 has no ports", text);
    }

    double Loss(string field, int system) => importance.Fields.Single(row => row.Name == field).Losses[system].Mean;
}
