using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Pipeline;

public sealed class CascadeTrainerTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-train-").FullName;

    string BundlePath => Path.Combine(root, "iot");

    public void Dispose() => Directory.Delete(root, recursive: true);

    TrainRequest Request(double holdOut = 0.25) => new()
    {
        Data = SessionFlows.Data(),
        Bundle = BundlePath,
        Trainers = [new DtTrainer()],
        Depths = [1, 3],
        HoldOut = holdOut,
        Options = new() { Threads = 1 },
    };

    static TrainSummary Train(TrainRequest request) =>
        CascadeTrainer.Train(request, cancel: TestContext.Current.CancellationToken);

    static EvaluationResult Evaluate(Bundle bundle, TrainRequest request) => Evaluator.Run(
        new() { Bundle = bundle, Data = request.Data }, cancel: TestContext.Current.CancellationToken);

    [Fact]
    public void Train_Auto_PlacesTheCheapDepthBeforeTheGoodOne()
    {
        var summary = Train(Request());

        Assert.Equal([new ModelSpec("dt", 1), new ModelSpec("dt", 3)], summary.Cascade.Tiers.Select(t => t.Spec));
        Assert.True(summary.Cascade.Tiers[1].WeightedF1 > summary.Cascade.Tiers[0].WeightedF1 + 0.1);
        Assert.True(summary.Score.WeightedF1 >= summary.Cascade.Tiers[1].WeightedF1 - 0.01);
    }

    [Fact]
    public void Train_ThenLoadAndEvaluate_AgreesOnWhatWasHeldOut()
    {
        var request = Request();
        var bundle = Bundle.Load(Train(request).Bundle);
        var result = Evaluate(bundle, request);

        Assert.Equal(SessionFlows.Captures, bundle.Manifest.Data.Trained.Count + bundle.Manifest.Data.HeldOut.Count);
        Assert.Equal(bundle.Manifest.Data.HeldOut.Count, result.Data.Captures);
        Assert.Equal(bundle.Manifest.Data.Trained.Count, result.Data.CapturesTrainedOn);
        Assert.Equal(20 * result.Data.Captures, result.Data.Flows);
        Assert.True(result.Cascade.WeightedF1 > 0.8);
    }

    /// <summary>Nine of ten have three packets, which is all that a tier sees.</summary>
    [Fact]
    public void Train_WindowsThatGoOn_SaysThatADeeperTierSeesThemToTheirEnd()
    {
        const string Said = "90.0 % of the windows have 3 packets or more, and no tier sees more than these; a depth "
            + "of 10000 sees windows to their end";
        var windows = Train(Request() with { Data = SessionFlows.Data(unit: new(TimeSpan.FromSeconds(5))) });
        Assert.Contains(windows.Warnings, warning => warning.StartsWith(Said, StringComparison.Ordinal));

        Directory.Delete(BundlePath, recursive: true);
        Assert.DoesNotContain(Train(Request()).Warnings, warning => warning.Contains("no tier sees more"));
    }

    [Theory]
    [InlineData(null, "dt", "rf")]
    [InlineData(PlacementAim.Mean, "dt", "rf")]
    [InlineData(PlacementAim.Rate, "dt", "rf")]
    [InlineData(null, "lgbm", "et")]
    [InlineData(PlacementAim.Mean, "lgbm", "et")]
    public void Train_SameSeedWhileComputingSwingsFiftyfold_WritesTheSameBytes(PlacementAim? aim,
        params string[] models)
    {
        var request = Request() with
        {
            Trainers = [.. models.Select(Trainer)],
            Objective = aim is { } wanted ? new(wanted) : null,
        };
        var first = Train(request with { Meter = Swinging(1) }).Bundle;
        var kept = Directory.GetFiles(first).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllText);
        Directory.Delete(BundlePath, recursive: true);
        var second = Train(request with { Meter = Swinging(2) }).Bundle;

        Assert.Equal(kept.Keys.Order(), Directory.GetFiles(second).Select(Path.GetFileName).Order());
        Assert.All(kept.Where(file => file.Key != BundleFolder.TimingsName), file =>
            Assert.Equal(file.Value, File.ReadAllText(Path.Combine(second, file.Key))));
        Assert.NotEqual(kept[BundleFolder.TimingsName],
            File.ReadAllText(Path.Combine(second, BundleFolder.TimingsName)));
    }

    static ITrainer Trainer(string model) => model switch
    {
        "dt" => new DtTrainer(),
        "rf" => new RfTrainer(),
        "et" => new EtTrainer(),
        _ => new LgbmTrainer(),
    };

    /// <summary>A meter whose every time is off by up to fifty times either way.</summary>
    static CostMeasurement Swinging(int seed)
    {
        var random = new Random(seed);
        return (flows, limit, tiers) => [.. CostMeter.Measure(flows, limit, tiers)
            .Select(cost => cost with { NsPerFlow = cost.NsPerFlow * Math.Pow(50, (2 * random.NextDouble()) - 1) })];
    }

    [Fact]
    public void Train_Placement_IsInTheBundleAndInTheSummary()
    {
        var summary = Train(Request() with { Objective = new(PlacementAim.Mean) });
        var placement = Bundle.Load(summary.Bundle).Manifest.Placement!;

        Assert.Equal("mean", placement.Objective);
        Assert.Equal([1, 3], placement.Candidates.Select(c => c.Packets));
        Assert.Equal([192, 576], placement.Candidates.Select(c => c.WaitingBytes));
        Assert.All(placement.Candidates, c => Assert.True(c.MemoryBytes > 0 && c.NsPerFlow > 0));
        Assert.Equal((50, 2000), (placement.Candidates[1].CollectMs[0], placement.Candidates[1].CollectMs[^1]));
        Assert.Equal(summary.Cascade.Tiers.Select(t => t.Spec.ToString()), placement.Chosen.Tiers);
        Assert.Contains(placement.Cascades, c => c.Tiers.Count > 1);
        Assert.Contains(placement.Why, TrainText.Format(summary), StringComparison.Ordinal);
        Assert.Equal(placement.Why, TrainDocument.From(summary).Placement.Why);
    }

    [Fact]
    public void Train_ExplicitTiers_AreTaken()
    {
        var summary = Train(Request() with { Tiers = ModelSpec.ParseList("dt@1,dt@2,dt@3") });

        Assert.Equal(["fastest", "fast", "slow"], Bundle.Load(summary.Bundle).Plan.Tiers.Select(t => t.Name));
    }

    [Fact]
    public void Train_FeaturesLeftOpen_BundleIsOfTheChosenSetAndSaysWhy()
    {
        var summary = Train(Request() with { ChoosesFeatures = true });

        var bundle = Bundle.Load(summary.Bundle);
        var choice = bundle.Manifest.Features.Choice!;
        Assert.Equal(choice.Trials.Last(trial => trial.Taken).Set, bundle.Plan.Schema.Set);
        Assert.Equal(summary.Data.Schema.Set, bundle.Plan.Schema.Set);
        Assert.Equal((6, "et@3"), (choice.Trials.Count, choice.Model));
        Assert.Equal(summary.FeatureChoice!.Trials, choice.Trials);
        Assert.Contains($"features: {choice.Why}", TrainText.Format(summary));
    }

    [Fact]
    public void Train_Summary_HasTheFieldsThatScriptsRead()
    {
        var json = JsonNode.Parse(DocumentJson.Format(TrainDocument.From(Train(Request()))))!.AsObject();

        Assert.Equal(
            ["bundle", "classes", "flows", "window_ms", "features", "seconds", "tiers", "candidates", "placement",
            "import_warnings", "unknown", "near_duplicates", "shortcut_features", "warnings", "judged", "promise",
            "feature_choice", "captures", "unreadable", "skipped", "classes_without_flow"],
            json.Select(p => p.Key));
        Assert.Equal(["name", "model", "packets", "weighted_f1", "ns_per_flow", "assignment"],
            json["tiers"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal(
            ["model", "packets", "weighted_f1", "macro_f1", "ns_per_flow", "collect_ms_median", "pareto"],
            json["candidates"]![0]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void Train_TargetHoldsSomethingElse_FailsBeforeTraining()
    {
        Directory.CreateDirectory(BundlePath);
        File.WriteAllText(Path.Combine(BundlePath, "x"), "");

        Assert.Throws<InputException>(() => Train(Request()));
    }

    [Fact]
    public void Train_UnknownModelInTiers_NamesThoseThereAre()
    {
        var request = Request() with { Tiers = ModelSpec.ParseList("svm@1") };

        Assert.Contains("dt", Assert.Throws<InputException>(() => Train(request)).Message);
    }

    [Fact]
    public void Train_DeeperThanTheDataSet_IsRefused()
    {
        var request = Request() with { Depths = [4] };

        Assert.Contains("3 packets", Assert.Throws<InputException>(() => Train(request)).Message);
    }

    [Fact]
    public void Train_Promise_IsTestedOnCapturesAndKeptInTheBundle()
    {
        var request = Request(0) with
        {
            Data = SessionFlows.Data(captures: 240, flowsPerCapture: 6),
            HoldOut = 0.25,
            Promise = new(0.1, 0.9),
        };
        var summary = Train(request);
        var bundle = Bundle.Load(summary.Bundle);
        var promise = bundle.Manifest.Promise;

        Assert.NotNull(promise);
        Assert.Equal((0.1, 0.9), (promise.MaxLoss, promise.Confidence));
        Assert.Equal(bundle.Manifest.Data.Trained.Count, promise.Captures);
        Assert.False(promise.Vacuous);
        Assert.InRange(promise.Bound, 0, promise.MaxLoss);
        Assert.Contains("promise: early answers lose at most", TrainText.Format(summary), StringComparison.Ordinal);

        var result = Evaluate(bundle, request);
        Assert.Equal(result.LostShare <= 0.1, EvaluationDocument.From(result).Promise!.Held);
    }

    [Fact]
    public void Train_PromiseOnTooFewCaptures_IsVacuousAndSaysHowManyItTakes()
    {
        var request = Request() with { Promise = new(0.001, 0.99) };
        var summary = Train(request);
        var bundle = Bundle.Load(summary.Bundle);

        Assert.True(bundle.Manifest.Promise!.Vacuous);
        Assert.Equal(0, summary.Score.FirstPacketShare);
        Assert.Contains($"it takes {NumberText.Count(request.Promise.MinCaptures)} captures", TrainText.Format(summary),
            StringComparison.Ordinal);
        var outcome = EvaluationDocument.From(Evaluate(bundle, request)).Promise!;
        Assert.True(outcome is { Vacuous: true, Held: false });
    }

    [Fact]
    public void Train_Goal_KeepsItsBoundOnCapturesThatNothingHadSeen()
    {
        var summary = Train(Request() with { Goal = new() { MaxLoss = 0.05 } });
        var judged = Bundle.Load(summary.Bundle).Manifest.Placement!.Judged!;

        Assert.Equal((0.05, 18), (judged.MaxLoss, judged.Captures));
        Assert.InRange(judged.LossBound, judged.Loss, 0.05);
        Assert.InRange(judged.LostBound, judged.LostShare, 0.1);
        Assert.NotNull(judged.NestedLoss);
        Assert.Contains("loss: ", TrainText.Format(summary), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_EveryCaptureTrainedOn_IsRefused()
    {
        var request = Request(holdOut: 0);
        var bundle = Bundle.Load(Train(request).Bundle);
        var e = Assert.Throws<InputException>(() => Evaluate(bundle, request));

        Assert.Equal([Setting.HoldOut], e.Settings);
    }
}
