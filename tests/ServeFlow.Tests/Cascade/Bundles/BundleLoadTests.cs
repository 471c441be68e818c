using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

/// <summary>Whole bundles, models included.</summary>
public sealed class BundleLoadTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-load-").FullName;

    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:ip4");

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>One split for each of two classes on one column.</summary>
    static byte[] Model(string column, int classes = 2) => Encoding.UTF8.GetBytes(LightGbmText.Write(new()
    {
        Classes = classes,
        TreesPerIteration = classes,
        Transform = ScoreTransform.Softmax,
        ColumnNames = ["p1_ipv4_ttl_0", column],
        Trees =
        [
            .. Enumerable.Range(0, classes).Select(c => new Tree
            {
                Columns = [1],
                Thresholds = [0.5],
                LeftChildren = [~0],
                RightChildren = [~1],
                LeafValues = c == 0 ? [2, -2] : [-2, 2],
            }),
        ],
    }));

    string Write(Func<BundleManifest, BundleManifest>? change = null, byte[]? slow = null)
    {
        var manifest = SmallBundle.NewManifest() with { Features = new(Schema.Set, Schema.Mask, Schema.Hash) };
        manifest = change?.Invoke(manifest) ?? manifest;
        return BundleWriter.Write(Path.Combine(root, "iot"), manifest,
            Files(slow).Where(f => manifest.Tiers.Any(t => t.File == f.Key)).ToDictionary());
    }

    static Dictionary<string, byte[]> Files(byte[]? slow) => new()
    {
        ["fast.txt"] = Model("p1_ipv4_ttl_1"),
        ["slow.txt"] = slow ?? Model("p2_ipv4_ttl_1"),
    };

    string ErrorMessage() => Assert.Throws<InputException>(() => Bundle.Load(Path.Combine(root, "iot"))).Message;

    [Fact]
    public void Load_GoodBundle_CompilesToAPlanThatScores()
    {
        Write();
        var plan = Bundle.Load(Path.Combine(root, "iot")).Plan;
        var scorer = plan.Tiers[1].CreateScorer();
        var probabilities = new float[2];
        scorer.Add(0, TwoPackets());
        scorer.Score(1, probabilities);
        var decision = plan.Tiers[1].Decide(probabilities);

        Assert.Equal([1, 10], plan.Tiers.Select(t => t.PacketDepth));
        Assert.Equal("plug", plan.Labels[decision.LabelId]);
        Assert.False(decision.Escalate);
        Assert.Equal(TimeSpan.FromSeconds(1), plan.WaitLimit);
    }

    /// <summary>Two packets of which only the second has the bit that the slow model tests: its TTL's second.</summary>
    static HeaderRecord[] TwoPackets()
    {
        var packets = new HeaderRecord[2];
        packets[0].Ipv4Length = 20;
        packets[1].Ipv4Length = 20;
        packets[1].Bits[8] = 0x40;
        return packets;
    }

    [Fact]
    public void Load_TierThresholds_BecomeItsRule()
    {
        Write();
        var rule = Bundle.Load(Path.Combine(root, "iot", "1")).Plan.Tiers[0].Rule;

        Assert.Equal((1.5, UncertaintyMeasure.Margin), (rule.Temperature, rule.Measure));
        Assert.Equal([0.1, 0.30000000000000004], rule.Thresholds);
    }

    [Fact]
    public void Load_OtherSchemaHash_NamesTheField()
    {
        Write(m => m with { Features = m.Features with { Hash = new('0', 64) } });
        Assert.Contains("field features.hash", ErrorMessage());
    }

    [Fact]
    public void Load_UnknownFeatureSet_NamesTheField()
    {
        Write(m => m with { Features = m.Features with { Set = "nprint:ipx" } });
        Assert.Contains("field features:", ErrorMessage());
    }

    [Theory]
    [InlineData("p1_ipv4_src_0")]
    [InlineData("p11_ipv4_ttl_0")]
    [InlineData("temperature")]
    public void Load_ModelThatTestsAnUnknownColumn_NamesFileAndColumn(string column)
    {
        Write(slow: Model(column));
        var message = ErrorMessage();

        Assert.Contains("slow.txt", message);
        Assert.Contains($"'{column}'", message);
    }

    [Fact]
    public void Load_ModelOfOtherClasses_IsRefused()
    {
        Write(slow: Model("p1_ipv4_ttl_1", classes: 3));
        Assert.Contains("3 classes", ErrorMessage());
    }

    /// <summary>The model's class 0 is the label "plug", its class 1 the label "camera".</summary>
    [Fact]
    public void Load_ImportedModel_GivesProbabilitiesInTheLabelsOrder()
    {
        Write(m => m with
        {
            Labels = ["hub", .. m.Labels],
            Tiers = [m.Tiers[1] with { Import = new("lightgbm",
            ModelOutput.Probabilities, [2, 1]) }]
        });
        var tier = Bundle.Load(Path.Combine(root, "iot")).Plan.Tiers[0];
        var scorer = tier.CreateScorer();
        var probabilities = new float[3];
        scorer.Add(0, TwoPackets());
        scorer.Score(1, probabilities);

        Assert.Equal(0, probabilities[0]);
        Assert.Equal(1 / (1 + Math.Exp(-4)), probabilities[1], 1e-6);
        Assert.Equal(1, probabilities.Sum(), 1e-6);
    }

    [Fact]
    public void Load_FormatOfAnotherProgram_SaysWhichProjectIsMissing()
    {
        Write(m =>
            m with { Tiers = [m.Tiers[0], m.Tiers[1] with { Import = new("onnx", ModelOutput.Logits, [0, 1]) }] });
        var message = ErrorMessage();

        Assert.Contains("slow.txt", message);
        Assert.Contains("ServeFlow.Onnx", message);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    public void Load_ImportedClassesThatAreNoLabels_AreRefused(params int[] classes)
    {
        var refusal = Assert.Throws<InputException>(() => Write(m => m with
        {
            Tiers = [m.Tiers[0], m.Tiers[1] with { Import = new("lightgbm", ModelOutput.Logits, classes) }],
        }));

        Assert.Contains("tiers[1].import.classes", refusal.Message);
    }

    [Fact]
    public void Load_FileThatIsNoModel_IsRefusedInOneLine()
    {
        Write(slow: "not a model"u8.ToArray());
        var message = ErrorMessage();

        Assert.Contains("slow.txt", message);
        Assert.DoesNotContain('\n', message);
    }
}
