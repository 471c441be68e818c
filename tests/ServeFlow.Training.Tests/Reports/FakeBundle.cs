using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>A bundle of three tiers for any number of classes, with a placement and a promise.</summary>
static class FakeBundle
{
    static readonly string[] Models = ["dt", "rf", "lgbm", "xgboost"];

    public static Bundle Load(string folder, IReadOnlyList<string> labels, Random random)
    {
        var schema = FeatureSchema.Parse("nprint:udp", "none");
        var model = LightGbmText.Write(new()
        {
            Classes = labels.Count,
            TreesPerIteration = labels.Count,
            Transform = ScoreTransform.None,
            AverageOutput = true,
            ColumnNames = ["p1_udp_sport_15"],
            Trees = [.. labels.Select(_ => Tree(1.0 / labels.Count))],
        });
        string[] names = ["fastest", "fast", "slow"];
        BundleWriter.Write(folder, new()
        {
            Schema = BundleManifest.CurrentSchema,
            Name = "",
            Version = "",
            Features = new(schema.Set, schema.Mask, schema.Hash),
            Labels = labels,
            WaitLimitMs = 60_000,
            Tiers = [.. names.Select((name, i) => Tier(name, i, labels.Count))],
            Files = [],
            Data = new("ab", 30_000, "capture", 1, [new("a.pcap", "aa")], []),
            Metrics = new(1, 1, 1, 1, [.. names.Select(_ => new BundleTierMetrics(1, 1, 0))]),
            Promise = new(0.01, 0.95, 2000, 12, 0.0095) { Captures = 300, ApproximateBound = 0.009 },
            Placement = Placement(random),
        }, names.ToDictionary(name => $"{name}.txt", _ => Encoding.UTF8.GetBytes(model)));
        return Bundle.Load(folder);
    }

    static BundleTier Tier(string name, int number, int classes) => new()
    {
        Name = name,
        Model = number == 0 ? "dt" : "lgbm",
        Packets = number == 2 ? 10 : 1,
        File = $"{name}.txt",
        Temperature = 1,
        Measure = "margin",
        Assignment = number == 2 ? "last" : "universal",
        Thresholds = number == 2 ? [] : [.. Enumerable.Repeat(0.5, classes)],
    };

    static BundlePlacement Placement(Random random) => new()
    {
        Objective = "goal",
        Flows = 30_000,
        Candidates = [.. from model in Models
                         from packets in new[] { 1, 2, 3, 5, 10 }
                         select Candidate(model, packets, random)],
        Cascades = [.. Enumerable.Range(0, 12).Select(i => Cascade(["dt@1", "lgbm@5"], 0.8 + (i * 0.01), random))],
        Chosen = Cascade(["dt@1", "lgbm@1", "lgbm@10"], 0.93, random),
        ChosenBatches = [new(512, 300)],
        Why = "It loses the least for the time that was asked for.",
    };

    static BundleCandidate Candidate(string model, int packets, Random random) => new()
    {
        Model = model,
        Packets = packets,
        Engine = "portable",
        WeightedF1 = 0.7 + (0.2 * random.NextDouble()),
        MacroF1 = 0.7,
        NsPerFlow = 100 + (1000 * random.NextDouble()),
        Batches = [new(512, 300)],
        MemoryBytes = 100_000,
        WaitingBytes = 1920,
        CollectMs = [0, 10, 100],
        CollectMsMean = packets * 100,
        MeanMs = packets * 150,
        MedianMs = packets == 1 ? 0.001 : packets * 40,
        Pareto = new(random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0),
    };

    static BundleCascade Cascade(string[] tiers, double f1, Random random) => new()
    {
        Tiers = tiers,
        AnsweredShares = [.. tiers.Select(_ => 1.0 / tiers.Length)],
        WeightedF1 = f1,
        MeanMs = 100 * random.NextDouble(),
        MedianMs = 0.01,
        NsPerFlow = 300,
        Pareto = new(true, true, true),
    };

    static Tree Tree(double value) => new()
    {
        Columns = [0],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [value, value],
    };
}
