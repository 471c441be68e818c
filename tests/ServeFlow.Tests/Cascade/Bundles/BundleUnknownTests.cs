using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.OpenSet;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

public sealed class BundleUnknownTests
{
    static BundleManifest Manifest { get; } =
        With(new("openings-1.bin", new(-1, 2, 3, 4)), new(0.05, 0.75, 100, 5, [])) with
        {
            Schema = BundleManifest.CurrentSchema,
            Name = "iot",
            Version = "1",
            Files =
            [.. new[] { "fast.txt", "openings-1.bin",
                "slow.txt" }.Select(name => new BundleFile(name, 1, new('a', 64)))],
        };

    static BundleManifest With(BundleNovelty? novelty, BundleUnknown? unknown)
    {
        var manifest = SmallBundle.NewManifest();
        return manifest with
        {
            Tiers = [.. manifest.Tiers.Select(t => t with { Novelty = novelty })],
            Unknown = unknown,
        };
    }

    static string ErrorMessage(BundleManifest manifest) =>
        Assert.Throws<InputException>(() => ManifestCheck.Run(manifest, "cascade.json")).Message;

    static BundleManifest Tiers(Func<BundleNovelty, BundleNovelty?> change) => Manifest with
    {
        Files = [.. Manifest.Files.Where(f =>
            f.Name != "openings-1.bin" || change(Manifest.Tiers[0].Novelty!)?.File == f.Name)],
        Tiers = [.. Manifest.Tiers.Select(t => t with { Novelty = change(t.Novelty!) })],
    };

    /// <summary>What a manifest may not list: nothing, other versions of IP, what is no byte.</summary>
    [Theory]
    [InlineData(new int[0], new[] { 17 }, "network")]
    [InlineData(new[] { 5 }, new[] { 17 }, "network")]
    [InlineData(new[] { 4, 6, 4 }, new[] { 17 }, "network")]
    [InlineData(new[] { 4 }, new int[0], "transport")]
    [InlineData(new[] { 4 }, new[] { 256 }, "transport")]
    [InlineData(new[] { 4 }, new[] { -1 }, "transport")]
    public void Run_ProtocolsOutOfRange_NamesTheList(int[] network, int[] transport, string list)
    {
        var message = ErrorMessage(Manifest with { Protocols = new(network, transport) });

        Assert.Contains("protocols", message);
        Assert.Contains(list, message);
    }

    [Fact]
    public void Compile_EveryProtocolListed_IsIncludedAndNoOther()
    {
        var protocols = new BundleProtocols([4], [0, 63, 64, 255]).Compile();

        Assert.Equal([0, 63, 64, 255],
            Enumerable.Range(0, 256).Where(number => protocols.Include(4, (byte)number)));
        Assert.DoesNotContain(Enumerable.Range(0, 256), number => protocols.Include(6, (byte)number));
    }

    [Fact]
    public void Run_WholeManifest_IsAccepted() => ManifestCheck.Run(Manifest, "cascade.json");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Run_BudgetOutOfRange_NamesTheField(double budget) => Assert.Contains("unknown.budget",
        ErrorMessage(Manifest with { Unknown = Manifest.Unknown! with { Budget = budget } }));

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    public void Run_ThresholdOutOfRange_NamesTheField(double threshold) => Assert.Contains("unknown.threshold",
        ErrorMessage(Manifest with { Unknown = Manifest.Unknown! with { Threshold = threshold } }));

    [Theory]
    [InlineData(new[] { 0.5 })]
    [InlineData(new[] { 0.5, 1.5 })]
    [InlineData(new[] { 0, 0.5 })]
    [InlineData(new[] { 0.5, 0.5, 0.5 })]
    public void Run_ThresholdsOfClassesOutOfRange_NamesTheField(double[] thresholds) => Assert.Contains(
        "unknown.thresholds",
        ErrorMessage(Manifest with { Unknown = Manifest.Unknown! with { Thresholds = thresholds } }));

    [Fact]
    public void Run_ClassCalledUnknown_IsRefused() =>
        Assert.Contains("labels", ErrorMessage(Manifest with { Labels = ["camera", "unknown"] }));

    [Fact]
    public void Run_TierWithoutNovelty_NamesTheField() =>
        Assert.Contains("tiers[0].novelty", ErrorMessage(Tiers(_ => null)));

    [Fact]
    public void Run_NoveltyWithoutBudget_NamesTheField() =>
        Assert.Contains("tiers[0].novelty", ErrorMessage(Manifest with { Unknown = null }));

    [Fact]
    public void Run_OpeningsThatAreNoFile_NamesTheField() =>
        Assert.Contains("tiers[0].novelty.file", ErrorMessage(Tiers(n => n with { File = "../openings" })));

    [Fact]
    public void Run_InfiniteWeight_NamesTheField() => Assert.Contains("tiers[0].novelty.weights",
        ErrorMessage(Tiers(n => n with { Weights = n.Weights with { Rarity = double.PositiveInfinity } })));

    [Fact]
    public void Run_NullClassLeftOut_NamesTheField() => Assert.Contains("unknown.left_out",
        ErrorMessage(Manifest with { Unknown = Manifest.Unknown! with { LeftOut = [null!] } }));

    [Fact]
    public void Novelty_AnySignals_LiesBetweenZeroAndOne()
    {
        var weights = new NoveltyWeights(-1e6, 1e6, 1e6, 1e6);

        Assert.InRange(weights.ComputeNovelty(new(0, 0, 0)), float.Epsilon, 0.001);
        Assert.InRange(weights.ComputeNovelty(new(1, 1, 1)), 0.999, 1 - 1e-7);
    }

    [Fact]
    public void Read_OfWrite_KeepsEverything()
    {
        var left = new BundleLeftOut("plug", 7, 0.9, 0.5, 0.04, [0.8, 0.9]);
        var manifest = Manifest with { Unknown = Manifest.Unknown! with { LeftOut = [left] } };
        var back = BundleJson.Read(BundleJson.Write(manifest), "cascade.json");

        Assert.Equal(manifest.Tiers[0].Novelty, back.Tiers[0].Novelty);
        Assert.Equal((0.05, 0.75, 100, 5),
            (back.Unknown!.Budget, back.Unknown.Threshold, back.Unknown.Flows, back.Unknown.Rejected));
        Assert.Equal(left with { TierAuroc = [] }, back.Unknown.LeftOut[0] with { TierAuroc = [] });
        Assert.Equal(left.TierAuroc, back.Unknown.LeftOut[0].TierAuroc);
    }
}
