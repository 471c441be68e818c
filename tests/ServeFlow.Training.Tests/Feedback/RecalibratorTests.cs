using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Models;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Feedback;
using Xunit;

namespace ServeFlow.Training.Tests.Feedback;

public sealed class RecalibratorTests(TrainedBundle trained) : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-feedback-").FullName;

    string Output => Path.Combine(root, "live");

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>Thresholds that answer everything early lose much on the live flows: those that come of them do not,
    /// and the models stay byte for byte.</summary>
    [Fact]
    public void Run_ThresholdsThatAnswerAllEarly_KeepsTheLossWithTheSameModels()
    {
        var careless = Write(trained.Bundle, tier => tier with { Thresholds = [.. tier.Thresholds.Select(_ => 1.0)] });

        var made = Run(careless, Live());
        var bundle = Bundle.Load(made.Bundle);

        Assert.True(made.Manifest.Metrics.Tiers[0].AnsweredShare < 0.9);
        Assert.True(made.WeightedF1 >= made.Manifest.Metrics.SlowWeightedF1 - 0.02);
        Assert.Equal(careless.Manifest.Files, bundle.Manifest.Files);
        Assert.NotEqual(careless.Manifest.Tiers[0].Thresholds, bundle.Manifest.Tiers[0].Thresholds);
    }

    /// <summary>The version says where its models come from, and an evaluation leaves the new captures out.</summary>
    [Fact]
    public void Run_LiveCaptures_SaysWhereItComesFrom()
    {
        var made = Run(trained.Bundle, Live());
        var (before, after) = (trained.Bundle.Manifest, Bundle.Load(made.Bundle).Manifest);

        Assert.Equal(("live", "1"), (after.Name, after.Version));
        Assert.Equal((before.Name, before.Version, made.Flows), (after.Origin!.Name, after.Origin.Version,
            after.Origin.Flows));
        Assert.Equal(64, after.Origin.Sha256.Length);
        Assert.Equal(made.Captures, after.Data.Trained.Count - before.Data.Trained.Count);
        Assert.Empty(after.Data.HeldOut.Select(c => c.Sha256).Intersect(after.Data.Trained.Select(c => c.Sha256)));
        Assert.Equal(made.Captures, after.Drift!.Captures);
        Assert.Equal(made.Flows, after.Drift.Flows);
    }

    [Fact]
    public void Run_SameFlowsAndSeed_GivesTheSameManifest()
    {
        var first = Run(trained.Bundle, Live());
        var second = Run(trained.Bundle, Live());

        var text = File.ReadAllText(Path.Combine(first.Bundle, BundleFolder.ManifestName));
        Assert.Equal(text.Replace("\"version\": \"1\",\n  \"features\"", "\"version\": \"2\",\n  \"features\"",
            StringComparison.Ordinal), File.ReadAllText(Path.Combine(second.Bundle, BundleFolder.ManifestName)));
        Assert.Equal("2", Path.GetFileName(second.Bundle));
    }

    /// <summary>A promise is tested again, on the new captures.</summary>
    [Fact]
    public void Run_BundleWithPromise_TestsItAgain()
    {
        var promising = Write(trained.Bundle, tier => tier, new BundlePromise(0.2, 0.9, 10, 0, 0.2));

        var made = Run(promising, Live());

        Assert.Equal((0.2, 0.9, made.Flows, made.Captures), (made.Manifest.Promise!.MaxLoss,
            made.Manifest.Promise.Confidence, made.Manifest.Promise.Flows, made.Manifest.Promise.Captures));
        Assert.True(made.Manifest.Promise.Bound <= 0.2);
    }

    /// <summary>Early answers may lose what the bundle was asked to lose, unless the caller says otherwise.</summary>
    [Theory]
    [InlineData(null, 0.04)]
    [InlineData(0.07, 0.07)]
    public void Run_BundleOfAnotherLoss_KeepsWhatThatWasAsked(double? asked, double expected)
    {
        var lax = Write(trained.Bundle, tier => tier, maxLoss: 0.04);

        var made = Recalibrator.Run(new() { Bundle = lax, Data = Live(), Output = Output, MaxLoss = asked }, null,
            TestContext.Current.CancellationToken);

        Assert.Equal(expected, made.Manifest.Placement!.Judged!.MaxLoss);
    }

    /// <summary>A bundle of timeouts gets new ones, and one that waits without them goes on so.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_BundleWithOrWithoutTimeouts_StaysOfItsKind(bool hasTimeouts)
    {
        Assert.Contains(trained.Bundle.Manifest.Tiers, tier => tier.EscalationTimeoutsMs is not null);
        var bundle = hasTimeouts
            ? trained.Bundle
            : Write(trained.Bundle, tier => tier with { EscalationTimeoutsMs = null });

        var made = Run(bundle, Live());

        Assert.Equal(hasTimeouts, made.Manifest.Tiers.Any(tier => tier.EscalationTimeoutsMs is not null));
    }

    /// <summary>Thresholds on a gain that was predicted for other flows are replaced; the gain model goes.</summary>
    [Fact]
    public void Run_BundleThatDecidesByGain_LeavesTheGainModelOut()
    {
        var deciding = Write(trained.Bundle, tier => tier.Thresholds.Count == 0 ? tier : tier with
        {
            Measure = "expected_gain",
            GainFile = "gain-1.txt",
        }, gain: GainModel);

        var made = Bundle.Load(Run(deciding, Live()).Bundle).Manifest;

        Assert.All(made.Tiers, tier => Assert.Null(tier.GainFile));
        Assert.Equal(["dt-1.txt", "dt-3.txt"], made.Files.Select(file => file.Name));
    }

    /// <summary>Drift is held against the share that this bundle answers <c>unknown</c> on the live flows.</summary>
    [Fact]
    public void Run_BundleThatAnswersUnknown_HoldsDriftAgainstItsShare()
    {
        using var careful = new TrainedBundle("dt@1,dt@3", unknownBudget: 0.05);

        var made = Run(careful.Bundle, Live());

        Assert.InRange(made.Manifest.Drift!.Unknown.Value, 0.001, 0.5);
    }

    [Fact]
    public void Run_OneCapture_SaysWhatToDo()
    {
        var all = Live();
        var last = all.Captures.Count - 1;
        var one = Only(all, flow => flow.Capture == last);

        var message = Assert.Throws<InputException>(() =>
            Run(trained.Bundle, one)).Message;

        Assert.Contains("of 1 capture: thresholds are judged on others", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    Recalibration Run(Bundle bundle, DataSet data) => Recalibrator.Run(
        new() { Bundle = bundle, Data = data, Output = Output }, null, TestContext.Current.CancellationToken);

    /// <summary>Gets a model that expects the same of waiting, whatever the first packet is.</summary>
    static byte[] GainModel => Encoding.UTF8.GetBytes(LightGbmText.Write(new()
    {
        Classes = 3,
        TreesPerIteration = 3,
        Transform = ScoreTransform.None,
        AverageOutput = true,
        ColumnNames = ["p1_ipv4_ttl_1"],
        Trees = [.. Enumerable.Range(0, 3).Select(_ => new Tree
        {
            Columns = [0], Thresholds = [0.5], LeftChildren = [~0], RightChildren = [~1], LeafValues = [0.5, 0.5],
        })],
    }));

    /// <summary>48 captures, of which training saw some of the first 24.</summary>
    static DataSet Live() => SessionFlows.Data(seed: 2, captures: 2 * SessionFlows.Captures);

    static DataSet Only(DataSet data, Func<LabelledFlow, bool> isWanted) => new()
    {
        Schema = data.Schema,
        Depth = data.Depth,
        Labels = data.Labels,
        Captures = data.Captures,
        Flows = [.. data.Flows.Where(isWanted)],
        Headers = data.Headers,
        Sha256 = data.Sha256,
    };

    Bundle Write(Bundle bundle, Func<BundleTier, BundleTier> change, BundlePromise? promise = null,
        double maxLoss = 0.01, byte[]? gain = null)
    {
        var placement = bundle.Manifest.Placement!;
        var manifest = bundle.Manifest with
        {
            Tiers = [.. bundle.Manifest.Tiers.Select(change)],
            Promise = promise,
            Placement = placement with { Judged = placement.Judged! with { MaxLoss = maxLoss } },
        };
        var models = manifest.Files.ToDictionary(file => file.Name,
            file => File.ReadAllBytes(Path.Combine(bundle.Folder, file.Name)));
        if (gain is not null)
        {
            models["gain-1.txt"] = gain;
        }

        return Bundle.Load(BundleWriter.Write(Path.Combine(root, "changed"), manifest, models));
    }
}
