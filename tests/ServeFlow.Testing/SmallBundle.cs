using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Testing;

/// <summary>
/// A bundle of two tiers that tell even source ports ("camera") from odd ones ("plug"), written by the program's own
/// writer. The first tier is sure of every flow. It lies in a temporary folder, for tests to load or to damage.
/// </summary>
public sealed class SmallBundle : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-bundle-").FullName;

    public static IReadOnlyDictionary<string, byte[]> Models { get; } = new Dictionary<string, byte[]>
    {
        ["slow.txt"] = Encoding.UTF8.GetBytes(ModelText(sure: 0.9999)),
        ["fast.txt"] = Encoding.UTF8.GetBytes(ModelText()),
    };

    public string Path => System.IO.Path.Combine(root, "iot");

    public string Version1 => System.IO.Path.Combine(Path, "1");

    public string Manifest => System.IO.Path.Combine(Version1, "cascade.json");

    public static BundleManifest NewManifest()
    {
        var schema = FeatureSchema.Parse("nprint:udp", "none");
        return new()
        {
            Schema = BundleManifest.CurrentSchema,
            Name = "",
            Version = "",
            Features = new(schema.Set, schema.Mask, schema.Hash),
            Labels = ["camera", "plug"],
            WaitLimitMs = 1000,
            Tiers =
            [
                new()
                {
                    Name = "fast", Model = "dt", Packets = 1, File = "fast.txt", Temperature = 1.5, Measure = "margin",
                    Assignment = "per_class", Thresholds = [0.1, 0.30000000000000004],
                },
                new()
                {
                    Name = "slow", Model = "lgbm", Packets = 10, File = "slow.txt", Temperature = 1, Measure = "margin",
                    Assignment = "last", Thresholds = [],
                },
            ],
            Files = [],
            Data = new("ab", 20, "capture", 1, [new("a.pcap", "aa")], [new("b.pcap", "bb")]),
            Metrics = new(0.9, 0.91, 0.6, 0.97, [new(0.8, 0.6, 0.4), new(0.91, 0.4, 0)]),
        };
    }

    /// <summary>Writes such a bundle to a folder of the test's own.</summary>
    /// <param name="packets">Packets that the first tier waits for.</param>
    public static void Write(string folder, int packets = 1)
    {
        var manifest = NewManifest();
        BundleWriter.Write(folder,
            manifest with { Tiers = [manifest.Tiers[0] with { Packets = packets }, manifest.Tiers[1]] }, Models);
    }

    /// <summary>Writes such a bundle to a folder of the test's own, and loads it.</summary>
    /// <param name="sure">The probability of the class that the second tier takes a flow for.</param>
    public static CascadePlan WritePlan(string folder, double sure)
    {
        BundleWriter.Write(folder, NewManifest(), new Dictionary<string, byte[]>(Models)
        {
            ["slow.txt"] = Encoding.UTF8.GetBytes(ModelText(sure: sure)),
        });
        return Bundle.Load(folder).Plan;
    }

    public string Write() => BundleWriter.Write(Path, NewManifest(), Models);

    /// <summary>Makes a model of two classes that one column tells apart.</summary>
    /// <param name="sure">The probability of the class that it takes a flow for.</param>
    public static string ModelText(string column = "p1_udp_sport_15", double sure = 0.999) => LightGbmText.Write(new()
    {
        Classes = 2,
        TreesPerIteration = 2,
        Transform = ScoreTransform.None,
        AverageOutput = true,
        ColumnNames = [column],
        Trees = [Tree(sure, 1 - sure), Tree(1 - sure, sure)],
    });

    /// <summary>Replaces text in the manifest, which must occur.</summary>
    public void Edit(string old, string by)
    {
        var text = File.ReadAllText(Manifest);
        if (!text.Contains(old, StringComparison.Ordinal))
        {
            throw new ArgumentException($"the manifest has no {old}");
        }

        File.WriteAllText(Manifest, text.Replace(old, by, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    static Tree Tree(double even, double odd) => new()
    {
        Columns = [0],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [even, odd],
    };
}
