using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.OpenSet;

/// <summary>
/// The whole way: classes left out, a bundle written, loaded, and asked about a class that it never saw.
/// </summary>
public sealed class UnknownTrainingTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-unknown-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    TrainRequest Request(DataSet data, double? budget = 0.05) => new()
    {
        Data = data,
        Bundle = Path.Combine(root, "iot"),
        Trainers = [new DtTrainer()],
        Depths = [1, 2],
        Tiers = ModelSpec.ParseList("dt@1,dt@2"),
        UnknownBudget = budget,
        HoldOut = 0.25,
        Options = new() { Threads = 2 },
    };

    static TrainSummary Train(TrainRequest request) =>
        CascadeTrainer.Train(request, cancel: TestContext.Current.CancellationToken);

    static EvaluationResult Evaluate(string bundle, DataSet data) => Evaluator.Run(
        new() { Bundle = Bundle.Load(bundle), Data = data }, cancel: TestContext.Current.CancellationToken);

    [Fact]
    public void Train_EveryClassLeftOut_IsToldFromTheOthers()
    {
        var unknown = Train(Request(DeviceFlows.Data(classes: 5))).Unknown!;

        Assert.Equal(5, unknown.LeftOut.Count);
        Assert.All(unknown.LeftOut, left => Assert.InRange(left.Auroc, 0.9, 1));
        Assert.All(unknown.LeftOut, left => Assert.InRange(left.Detected, 0.5, 1));
        Assert.All(unknown.LeftOut, left => Assert.Equal(2, left.TierAuroc.Count));
    }

    /// <summary>Exactly: of the flows that the threshold was set on, no more than the budget.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Train_AnyBudget_HoldsOnTheCalibrationFlows(double budget)
    {
        var unknown = Train(Request(DeviceFlows.Data(classes: 4), budget)).Unknown!;

        Assert.True(unknown.Rejected <= budget * unknown.Flows);
        Assert.True(unknown.Flows > 100);
    }

    [Fact]
    public void Evaluate_ClassThatTheBundleNeverSaw_IsAnsweredUnknown()
    {
        var bundle = Train(Request(DeviceFlows.Data(classes: 5))).Bundle;
        var result = Evaluate(bundle, DeviceFlows.Data(classes: 7, firstCapture: 1000));

        var unknown = result.Unknown!;
        Assert.Equal(["device5", "device6"], unknown.UnknownClasses.Select(c => c.Label));
        Assert.All(unknown.UnknownClasses, c => Assert.InRange(c.Detected, 0.5, 1));
        Assert.InRange(unknown.Auroc!.Value, 0.9, 1);
        Assert.True(unknown.OpenSet.WeightedF1 > result.Cascade.WeightedF1);
        Assert.InRange(unknown.RejectedShare, 0, 0.15);
    }

    /// <summary>A gain model is trained for tiers that escalate by it; trials without a class have none.</summary>
    [Theory]
    [InlineData(UncertaintyMeasure.ExpectedGain)]
    [InlineData(UncertaintyMeasure.Entropy)]
    [InlineData(UncertaintyMeasure.Margin)]
    public void Train_AnyMeasure_LearnsToAnswerUnknown(UncertaintyMeasure measure)
    {
        var summary = Train(Request(DeviceFlows.Data(classes: 4)) with { Goal = new() { Measure = measure } });

        Assert.All(summary.Unknown!.LeftOut, left => Assert.InRange(left.Auroc, 0.9, 1));
        Assert.True(summary.Unknown.Rejected <= 0.05 * summary.Unknown.Flows);
        Assert.True(Evaluate(summary.Bundle, DeviceFlows.Data(classes: 6, firstCapture: 1000)).Unknown!.Auroc > 0.9);
    }

    /// <summary>What a class loses beyond a twentieth of its recall is said, with what to do.</summary>
    [Fact]
    public void Train_BudgetThatCostsRecall_SaysSo()
    {
        var summary = Train(Request(DeviceFlows.Data(classes: 4), 0.3));

        Assert.Contains(summary.Warnings, warning => warning.StartsWith("answering unknown costs recall: device")
            && warning.Contains("a smaller budget"));
        Assert.DoesNotContain(Train(Request(DeviceFlows.Data(classes: 4), 0.01)).Warnings,
            warning => warning.Contains("unknown"));
    }

    /// <summary>In the main table an answer 'unknown' is wrong, whatever the flow.</summary>
    [Fact]
    public void Evaluate_UnknownAnswers_CountAsWrong()
    {
        var bundle = Train(Request(DeviceFlows.Data(classes: 5))).Bundle;
        var result = Evaluate(bundle, DeviceFlows.Data(classes: 7, firstCapture: 1000));

        var right = Enumerable.Range(0, result.Confusion.Classes).Sum(c => result.Confusion[c, c]);
        Assert.Equal(result.Data.Flows, result.Confusion.Total);
        Assert.Equal((double)right / result.Data.Flows, result.Cascade.Accuracy, 1e-9);
        Assert.Equal(0, result.Confusion[5, 5] + result.Confusion[6, 6]);
    }

    [Fact]
    public void Train_TwiceOnOneThreadAndOnTwo_LearnsTheSame()
    {
        var request = Request(DeviceFlows.Data(classes: 4));
        var two = Bundle.Load(Train(request).Bundle).Manifest;
        var one = Bundle.Load(Train(request with { Options = new() { Threads = 1 } }).Bundle).Manifest;

        Assert.Equal(two.Unknown!.Threshold, one.Unknown!.Threshold);
        Assert.Equal(two.Tiers.Select(t => t.Novelty), one.Tiers.Select(t => t.Novelty));
        Assert.Equal(two.Unknown.LeftOut.Select(c => (c.Label, c.Auroc, c.Detected)),
            one.Unknown.LeftOut.Select(c => (c.Label, c.Auroc, c.Detected)));
    }

    [Fact]
    public void Train_NoUnknownBudget_GivesEveryFlowAClass()
    {
        var bundle = Bundle.Load(Train(Request(DeviceFlows.Data(classes: 3), budget: null)).Bundle);

        Assert.False(bundle.Plan.AnswersUnknown);
        Assert.Null(bundle.Manifest.Unknown);
    }

    /// <summary>The manifest lists what was trained on, and no more; the windows and flows of other protocols are
    /// answered unknown without a tier, also where nothing else is.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.05)]
    public void Evaluate_ProtocolAbsentFromTraining_IsAnsweredUnknownAtOnce(double? budget)
    {
        var bundle = Train(Request(WithProtocol(DeviceFlows.Data(classes: 3), _ => new(4, 17)), budget)).Bundle;
        var result = Evaluate(bundle, WithProtocol(DeviceFlows.Data(classes: 3, firstCapture: 1000),
            flow => flow % 4 == 0 ? new(6, 58) : new(4, 17)));

        var protocols = result.Bundle.Manifest.Protocols!;
        Assert.Equal([4], protocols.Network);
        Assert.Equal([17], protocols.Transport);
        Assert.Equal((result.Data.Flows + 3) / 4, result.UnknownProtocols);
        Assert.InRange(Enumerable.Range(0, 3).Sum(c => result.Confusion[c, ConfusionMatrix.Unanswered]),
            result.UnknownProtocols, result.Data.Flows);
        Assert.Equal(budget is not null, result.Unknown is not null);
        Assert.True(result.Unknown is null || result.Unknown.Rejected >= result.UnknownProtocols);
    }

    /// <summary>Every figure counts such a flow as what it is: answered on packet 1, by no tier, whatever serves.
    /// </summary>
    [Fact]
    public void Evaluate_ProtocolAbsentFromTraining_CountsAlikeInEveryFigure()
    {
        var bundle = Train(Request(WithProtocol(DeviceFlows.Data(classes: 3), _ => new(4, 17)), null)).Bundle;
        var result = Evaluator.Run(new()
        {
            Bundle = Bundle.Load(bundle),
            Data = WithProtocol(DeviceFlows.Data(classes: 3, firstCapture: 1000),
                flow => new(4, (byte)(flow % 2 == 0 ? 1 : 17))),
            ListsPredictions = true,
        }, cancel: TestContext.Current.CancellationToken);

        var rows = result.Predictions;
        var atOnce = rows.Where(row => row.Answer.Label == "unknown").ToList();
        Assert.Equal(result.UnknownProtocols, atOnce.Count);
        Assert.All(atOnce.SelectMany(row => row.Alone.Append(row.Answer)),
            answer => Assert.Equal(("unknown", 0f, 1), (answer.Label, answer.Confidence, answer.Packets)));
        Assert.All(result.Tiers.Zip(result.Paths.Tiers), tier => Assert.Equal(
            (double)tier.Second.Answered / rows.Count, tier.First.AnsweredShare, 1e-9));
        Assert.Equal((double)rows.Count(row => row.Tier == rows[0].Tier) / rows.Count,
            result.Comparison.FirstPacketShare, 1e-9);
        Assert.All(result.Tiers.Index(), tier => Assert.Equal(
            WeightedF1(rows.Select(row => (row.Truth, row.Alone[tier.Index].Label))), tier.Item.WeightedF1, 1e-9));
        Assert.Equal(result.SlowOnly.WeightedF1, result.Tiers[^1].WeightedF1, 1e-9);
        Assert.Equal(rows.Count - atOnce.Count, result.Reliability[0].All.Flows);
        Assert.InRange(result.Random.Accuracy, 0, 1 - ((double)atOnce.Count / rows.Count));
    }

    /// <summary>The audit speaks of the answers that the evaluation counted, <c>unknown</c> among them.</summary>
    [Fact]
    public void Audit_BundleThatAnswersUnknown_RestsOnTheScoresOfTheEvaluation()
    {
        var bundle = Train(Request(DeviceFlows.Data(classes: 5))).Bundle;
        var request = new EvaluationRequest
        {
            Bundle = Bundle.Load(bundle),
            Data = DeviceFlows.Data(classes: 7, firstCapture: 1000),
        };
        var result = Evaluator.Run(request, cancel: TestContext.Current.CancellationToken);
        var audited = Auditor.Run(request, result, cancel: TestContext.Current.CancellationToken);

        Assert.NotEqual(result.Unknown!.WeightedF1Closed, result.Cascade.WeightedF1, 1e-3);
        Assert.Contains("were every flow given a class, as by the other systems: a loss of "
            + NumberText.Fixed(result.SlowOnly.WeightedF1 - result.Unknown.WeightedF1Closed, 4),
            EvaluationText.Format(result), StringComparison.Ordinal);
        Assert.Equal(result.Cascade.WeightedF1, audited.Importance!.WeightedF1[0], 1e-9);
    }

    static double WeightedF1(IEnumerable<(string Truth, string Answer)> answers)
    {
        var all = answers.ToList();
        return all.GroupBy(row => row.Truth).Sum(truth =>
        {
            var (right, answered) = (truth.Count(row => row.Answer == truth.Key),
                all.Count(row => row.Answer == truth.Key));
            return 2.0 * right / (truth.Count() + answered) * truth.Count() / all.Count;
        });
    }

    static DataSet WithProtocol(DataSet data, Func<int, FlowProtocol> protocolOf) => new()
    {
        Schema = data.Schema,
        Depth = data.Depth,
        Labels = data.Labels,
        Captures = data.Captures,
        Flows = [.. data.Flows.Select((flow, place) => flow with { Protocol = protocolOf(place) })],
        Headers = data.Headers,
        Sha256 = data.Sha256,
    };

    /// <summary>Every bundle answers unknown to protocols that training had none of; no class may be called that.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.05)]
    public void Train_ClassCalledUnknown_IsRefused(double? budget)
    {
        var data = DeviceFlows.Data(classes: 3);
        var error = Assert.Throws<InputException>(() => Train(Request(new()
        {
            Schema = data.Schema,
            Depth = data.Depth,
            Labels = ["device0", "device1", "unknown"],
            Captures = data.Captures,
            Flows = data.Flows,
            Headers = data.Headers,
        }, budget)));

        Assert.StartsWith("a class is called 'unknown', which is what flows of no class are answered; ", error.Message);
        Assert.Equal([Setting.Labels], error.Settings);
    }

    [Fact]
    public void Train_TwoClasses_SaysThatThreeAreNeeded() => Assert.Equal([Setting.Unknown],
        Assert.Throws<InputException>(() => Train(Request(DeviceFlows.Data(classes: 2)))).Settings);
}
