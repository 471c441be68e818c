using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Testing;

/// <summary>A bundle with one tier that tells even source ports from odd ones.</summary>
public static class TinyBundle
{
    /// <param name="packets">Packets that the tier waits for.</param>
    public static void Write(string folder, int packets = 1)
    {
        var schema = FeatureSchema.Parse("nprint:udp", "none");
        BundleWriter.Write(folder, new()
        {
            Schema = BundleManifest.CurrentSchema,
            Name = "",
            Version = "",
            Features = new(schema.Set, schema.Mask, schema.Hash),
            Labels = ["even", "odd"],
            WaitLimitMs = 1000,
            Tiers =
            [
                new()
                {
                    Name = "only", Model = "dt", Packets = packets, File = "only.txt", Temperature = 1,
                    Measure = "margin",
                    Assignment = "last", Thresholds = [],
                },
            ],
            Files = [],
            Data = new("ab", 3, "capture", 1, [new("a.pcap", "aa")], []),
            Metrics = new(1, 1, 1, 1, [new(1, 1, 0)]),
        }, new Dictionary<string, byte[]> { ["only.txt"] = Encoding.UTF8.GetBytes(ModelText()) });
    }

    /// <summary>Gets its only model: two classes, which one column tells apart.</summary>
    public static string ModelText(string column = "p1_udp_sport_15") => LightGbmText.Write(new()
    {
        Classes = 2,
        TreesPerIteration = 2,
        Transform = ScoreTransform.None,
        AverageOutput = true,
        ColumnNames = [column],
        Trees = [Tree(0.9, 0.1), Tree(0.1, 0.9)],
    });

    static Tree Tree(double even, double odd) => new()
    {
        Columns = [0],
        Thresholds = [0.5],
        LeftChildren = [~0],
        RightChildren = [~1],
        LeafValues = [even, odd],
    };
}
