using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Features;
using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

/// <summary>Bundles whose first tier decides by a gain model, and ones with a calibration curve.</summary>
public sealed class BundleGainTests : IDisposable
{
    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:ip4");

    readonly string root = Directory.CreateTempSubdirectory("serveflow-gain-").FullName;

    string Target => Path.Combine(root, "iot");

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>Leaves by the second bit of the first packet's TTL: the first where it is 0.</summary>
    static byte[] Model(params double[][] leaves) => Encoding.UTF8.GetBytes(LightGbmText.Write(new()
    {
        Classes = leaves.Length,
        TreesPerIteration = leaves.Length,
        Transform = ScoreTransform.None,
        AverageOutput = true,
        ColumnNames = ["p1_ipv4_ttl_1"],
        Trees =
        [
            .. leaves.Select(values => new Tree
            {
                Columns = [0], Thresholds = [0.5], LeftChildren = [~0], RightChildren = [~1], LeafValues = values,
            }),
        ],
    }));

    static readonly Dictionary<string, byte[]> Files = new()
    {
        ["fast.txt"] = Model([0.8, 0.2], [0.2, 0.8]),
        ["slow.txt"] = Model([0.9, 0.1], [0.1, 0.9]),
        ["gain-1.txt"] = Model([0.1, 0], [0.8, 0.5], [0.1, 0.5]),
        ["two.txt"] = Model([0.5, 0.5], [0.5, 0.5]),
    };

    void Write(Func<BundleTier, BundleTier>? changeFast = null, Func<BundleTier, BundleTier>? changeSlow = null)
    {
        var manifest = SmallBundle.NewManifest();
        var fast = manifest.Tiers[0]
            with
        { Measure = "expected_gain", GainFile = "gain-1.txt", Thresholds = [0.6, 0.6] };
        BundleTier[] tiers =
            [changeFast?.Invoke(fast) ?? fast, changeSlow?.Invoke(manifest.Tiers[1]) ?? manifest.Tiers[1]];
        var used = tiers.SelectMany(t => new[] { t.File, t.GainFile }).ToHashSet();
        BundleWriter.Write(Target,
            manifest with { Features = new(Schema.Set, Schema.Mask, Schema.Hash), Tiers = tiers },
            Files.Where(f => used.Contains(f.Key)).ToDictionary());
    }

    [Theory]
    [InlineData(0x00, 0.5f, false)]
    [InlineData(0x40, 0.75f, true)]
    public void Decide_ByExpectedGain_EscalatesWhatEscalationMends(byte ttl, float uncertainty, bool escalates)
    {
        Write();
        var tier = Bundle.Load(Target).Plan.Tiers[0];
        var packet = new HeaderRecord { Ipv4Length = 20 };
        packet.Bits[8] = ttl;
        var outcomes = new float[GainModel.Outcomes];
        var scorer = tier.Gain!.CreateScorer();
        scorer.Add(0, [packet]);
        scorer.Score(1, outcomes);

        var decision = tier.Decide([0.8f, 0.2f], GainModel.ExpectedGain(outcomes));

        Assert.Equal(UncertaintyMeasure.ExpectedGain, tier.Measure);
        Assert.Equal(uncertainty, decision.Uncertainty, 1e-6f);
        Assert.Equal(escalates, decision.Escalate);
    }

    [Fact]
    public void Load_CalibrationCurve_BecomesTheRules()
    {
        Write(changeSlow: t => t with { Isotonic = new([0.5, 0.9], [0.4, 0.8]) });
        var plan = Bundle.Load(Target).Plan;

        Assert.Null(plan.Tiers[0].Rule.Isotonic);
        Assert.Equal([0.4, 0.8], plan.Tiers[1].Rule.Isotonic!.Accuracies);
        Assert.Equal(0.6f, plan.Tiers[1].Decide([0.7f, 0.3f]).Confidence, 1e-6f);
    }

    [Fact]
    public void Load_GainModelOfOtherClasses_IsRefused()
    {
        Write(t => t with { GainFile = "two.txt" });

        Assert.Contains("two.txt: a model of 2 classes",
            Assert.Throws<InputException>(() => Bundle.Load(Target)).Message);
    }

    public static readonly TheoryData<string, string?, string, string> Impossible = new()
    {
        { "expected_gain", null, "margin", "tiers[0].gain_file: missing" },
        { "margin", "gain-1.txt", "margin", "tiers[0].gain_file: given" },
        { "expected_gain", "../gain-1.txt", "margin", "tiers[0].gain_file" },
        { "expected_gain", "gain-1.txt", "expected_gain", "tiers[1].measure" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Write_ImpossibleGain_NamesTheField(string measure, string? file, string lastMeasure, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Write(
            t => t with { Measure = measure, GainFile = file }, t => t with { Measure = lastMeasure })).Message);

    [Fact]
    public void Write_CurveThatFalls_NamesTheField() =>
        Assert.Contains("tiers[0].isotonic", Assert.Throws<InputException>(
        () => Write(t => t with { Isotonic = new([0.5, 0.9], [0.8, 0.4]) })).Message);
}
