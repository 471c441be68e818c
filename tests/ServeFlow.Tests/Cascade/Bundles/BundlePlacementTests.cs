using System.Text.Json;
using ServeFlow.Cascade.Bundles;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

public sealed class BundlePlacementTests : IDisposable
{
    readonly SmallBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    static BundlePlacement Placement => new()
    {
        Objective = "mean",
        Flows = 20,
        Candidates =
        [
            new()
            {
                Model = "dt", Packets = 1, Engine = "portable", WeightedF1 = 0.8, MacroF1 = 0.7, NsPerFlow = 120,
                Batches = [new(1, 900), new(512, 120)], MemoryBytes = 4096, WaitingBytes = 192,
                CollectMs = [0, 0, 1.5], CollectMsMean = 0.5, MeanMs = 0.5001, MedianMs = 0.0001,
                Pareto = new(true, true, false),
            },
        ],
        Cascades = [Cascade],
        Chosen = Cascade,
        ChosenBatches = [new(512, 700)],
        Why = "it was the only one",
    };

    static BundleCascade Cascade => new()
    {
        Tiers = ["dt@1", "lgbm@10"],
        AnsweredShares = [0.6, 0.4],
        WeightedF1 = 0.9,
        MeanMs = 400,
        MedianMs = 0.1,
        NsPerFlow = 700,
        Pareto = new(false, true, true),
    };

    void Write() =>
        BundleWriter.Write(bundle.Path, SmallBundle.NewManifest() with { Placement = Placement }, SmallBundle.Models);

    [Fact]
    public void Read_Placement_IsWhatWasWritten()
    {
        Write();

        var read = BundleReader.Read(BundleFolder.Resolve(bundle.Path)).Manifest;

        Assert.Equal(JsonSerializer.Serialize(Placement), JsonSerializer.Serialize(read.Placement));
        Assert.Contains("\"pareto\": {\n          \"median\": true", File.ReadAllText(bundle.Manifest));
    }

    [Fact]
    public void Write_OtherTimes_LeavesTheManifestAsItIs()
    {
        Write();
        var (manifest, timings) = (File.ReadAllText(bundle.Manifest), File.ReadAllText(Timings));
        Directory.Delete(bundle.Path, recursive: true);
        var slow = Placement with
        {
            Candidates = [Placement.Candidates[0] with { Engine = "avx512", Batches = [new(512, 6000)] }],
            ChosenBatches = [new(512, 35_000)],
        };
        BundleWriter.Write(bundle.Path, SmallBundle.NewManifest() with { Placement = slow }, SmallBundle.Models);

        Assert.Equal(manifest, File.ReadAllText(bundle.Manifest));
        Assert.NotEqual(timings, File.ReadAllText(Timings));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"candidates\": [], \"chosen_batches\": []}")]
    [InlineData("{\"candidates\": [null], \"chosen_batches\": []}")]
    public void Read_TimesThatAreMissingOrAnothers_LeavesThemOut(string? text)
    {
        Write();
        File.Delete(Timings);
        if (text is not null)
        {
            File.WriteAllText(Timings, text);
        }

        var placement = BundleReader.Read(BundleFolder.Resolve(bundle.Path)).Manifest.Placement!;

        Assert.Equal(120, placement.Candidates[0].NsPerFlow);
        Assert.Null(placement.Candidates[0].Batches);
        Assert.Null(placement.ChosenBatches);
    }

    [Theory]
    [InlineData("\"memory_bytes\": 4096", "\"memory_bytes\": -1", "candidates[0].memory_bytes")]
    [InlineData("\"ns_per_flow\": 900", "\"ns_per_flow\": -900", "candidates[0].batches[0]")]
    public void Read_ImpossibleTime_NamesItsField(string old, string by, string field)
    {
        Write();
        var text = File.ReadAllText(Timings);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(Timings, text.Replace(old, by));

        var e = Assert.Throws<InputException>(() => BundleReader.Read(BundleFolder.Resolve(bundle.Path)));

        Assert.Contains(Timings, e.Message, StringComparison.Ordinal);
        Assert.Contains(field, e.Message, StringComparison.Ordinal);
    }

    string Timings => Path.Combine(Path.GetDirectoryName(bundle.Manifest)!, BundleFolder.TimingsName);

    [Fact]
    public void Read_BundleWithoutPlacement_HasNone()
    {
        bundle.Write();

        Assert.Null(BundleReader.Read(BundleFolder.Resolve(bundle.Path)).Manifest.Placement);
        Assert.DoesNotContain("placement", File.ReadAllText(bundle.Manifest));
    }

    [Theory]
    [InlineData("\"weighted_f1\": 0.8,\n        \"macro", "\"weighted_f1\": 1.8,\n        \"macro",
        "candidates[0].weighted_f1")]
    [InlineData("          0,\n          1.5", "          2,\n          1.5", "candidates[0].collect_ms")]
    [InlineData("          0,\n          0,\n          1.5", "          1.5", "candidates[0].collect_ms")]
    [InlineData("\"packets\": 1,\n        \"weighted", "\"packets\": 0,\n        \"weighted", "candidates[0].packets")]
    [InlineData("          0.4\n        ]", "          4\n        ]", "cascades[0].answered_shares")]
    [InlineData("\"mean_ms\": 400", "\"mean_ms\": -400", "cascades[0].mean_ms")]
    [InlineData("\"flows\": 20,\n    \"candidates", "\"flows\": 0,\n    \"candidates", "placement.flows")]
    public void Read_ImpossibleValue_NamesItsField(string old, string by, string field)
    {
        Write();
        bundle.Edit(old, by);

        var e = Assert.Throws<InputException>(() => BundleReader.Read(BundleFolder.Resolve(bundle.Path)));

        Assert.Contains(bundle.Manifest, e.Message);
        Assert.Contains(field, e.Message);
    }
}
