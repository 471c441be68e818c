using System.Text.Json.Nodes;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Summaries;
using Xunit;

namespace ServeFlow.Training.Tests.Evaluation;

/// <summary>One small bundle, evaluated once, looked at from all sides.</summary>
public sealed class EvaluatorTests
{
    readonly EvaluationResult result;

    public EvaluatorTests(TrainedBundle bundle) => result = bundle.Evaluated;

    [Fact]
    public void Run_EveryFlow_IsAnsweredByEverySystem() => Assert.All(result.Systems, s =>
        Assert.Equal((result.Data.Flows, 0), (s.Score.Answered, s.Score.Unanswered)));

    [Fact]
    public void Run_Oracle_IsNoWorseThanAnySystem() =>
        Assert.All(result.Systems, s => Assert.True(result.Oracle.Accuracy >= s.Score.Accuracy));

    [Fact]
    public void Run_SlowTier_WaitsForItsPacketsByTheCapturesClock()
    {
        Assert.InRange(result.SlowOnly.MedianMs, 50, 60);
        Assert.InRange(result.SlowOnly.P99Ms, 2000, 2010);
        Assert.Equal(0, result.SlowOnly.Under16Ms);
    }

    [Fact]
    public void Run_FirstTier_DoesNotWait()
    {
        Assert.True(result.FastestOnly.MedianMs < 50);
        Assert.Equal(1, result.FastestOnly.PacketsMean);
        Assert.Equal(result.FastestOnly.WeightedF1, result.FastOnly.WeightedF1);
    }

    [Fact]
    public void Run_Tiers_AnswerAndEscalateAllOfTheFlows()
    {
        Assert.Equal(1, result.Tiers.Sum(t => t.AnsweredShare), 9);
        Assert.Equal(result.Tiers[1].AnsweredShare, result.Tiers[0].EscalatedShare, 9);
        Assert.Equal(result.ErrorsCaught, result.Tiers[0].ErrorsCaught);
    }

    [Fact]
    public void Run_Curve_EndsWhereTheSlowTierStands()
    {
        var curve = Assert.Single(result.Curves);

        Assert.Equal(0, curve.Points[0].Share);
        Assert.Equal(result.FastestOnly.WeightedF1, curve.Points[0].WeightedF1, 9);
        Assert.Equal(1, curve.Points[^1].Share);
        Assert.Equal(result.SlowOnly.WeightedF1, curve.Points[^1].WeightedF1, 9);
    }

    [Fact]
    public void Run_CurveOfALaterTier_IsOfTheFlowsThatReachIt()
    {
        using var three = new TrainedBundle("dt@1,dt@2,dt@3");
        var evaluated = three.Evaluated;
        var reach = evaluated.Tiers[0].EscalatedShare * evaluated.Data.Flows;

        Assert.InRange(reach, 1, evaluated.Data.Flows - 1);
        Assert.Equal(reach, evaluated.Curves[1].Points[^1].Escalated, 6);
    }

    [Fact]
    public void Run_RandomAndOracle_BeginAndEndWithTheCurve()
    {
        var curve = Assert.Single(result.Curves);

        Assert.All([curve.Random, curve.Oracle], series =>
        {
            Assert.Equal((0, 1), (series[0].Share, series[^1].Share));
            Assert.Equal(result.FastestOnly.WeightedF1, series[0].WeightedF1, 9);
            Assert.Equal(result.SlowOnly.WeightedF1, series[^1].WeightedF1, 9);
        });
        Assert.True(MixtureSeries.Area(curve.Oracle) >= MixtureSeries.Area(curve.Random));
    }

    [Fact]
    public void Run_Reliability_CountsAllFlowsAndThoseThatReachTheTier()
    {
        Assert.Equal(result.Tiers.Select(t => t.Name), result.Reliability.Select(r => r.Tier));
        Assert.All(result.Reliability, tier =>
            Assert.Equal((result.Data.Flows, result.Data.Flows), (tier.All.Before.Flows, tier.All.After.Flows)));
        Assert.Equal(result.Data.Flows, result.Reliability[0].Reaching.After.Flows);
        Assert.Equal(result.Tiers[0].EscalatedShare * result.Data.Flows, result.Reliability[1].Reaching.After.Flows, 6);
    }

    [Fact]
    public void ToJson_Fields_AreThoseThatScriptsRead()
    {
        var json = JsonNode.Parse(DocumentJson.Format(EvaluationDocument.From(result)))!.AsObject();

        Assert.Equal(["data", "systems", "loss", "loss_interval", "speedup_mean", "speedup_mean_interval",
            "speedup_median", "speedup_median_interval", "first_packet_share", "first_packet_share_interval",
            "errors_caught", "errors_caught_interval", "lost_share", "lost_share_interval", "bootstrap", "promise",
            "votes", "tiers", "classes", "paths", "assignment", "reliability", "unknown", "near_duplicates", "honesty",
            "importance", "captures", "unreadable", "skipped"],
            json.Select(p => p.Key));
        Assert.Equal(["cascade", "fastest_only", "fast_only", "slow_only", "random", "oracle"],
            json["systems"]!.AsObject().Select(p => p.Key));
        Assert.Equal(
            ["weighted_f1", "macro_f1", "accuracy", "answered", "unanswered", "mean_ms", "median_ms", "p90_ms",
                "p99_ms", "under_1ms", "under_16ms", "packets_mean", "interval"],
            json["systems"]!["cascade"]!.AsObject().Select(p => p.Key));
        Assert.Equal(
            ["captures", "captures_trained_on", "flows", "window_ms", "classes", "unlabelled", "labels_unmatched"],
            json["data"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Text_Tables_NameSystemsClassesAndTiers()
    {
        var text = EvaluationText.Format(result);

        Assert.All(["slow_only", "camera", "hub", "plug", "fast", "weighted F1", "true \\ answered"],
            part => Assert.Contains(part, text));
    }
}
