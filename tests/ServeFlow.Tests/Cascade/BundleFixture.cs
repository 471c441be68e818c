using ServeFlow.Cascade.Bundles;

namespace ServeFlow.Tests.Cascade;

/// <summary>A bundle in a temporary folder, written by the program's own writer, for tests to damage.</summary>
sealed class BundleFixture : IDisposable
{
    public static readonly IReadOnlyDictionary<string, byte[]> Models = new Dictionary<string, byte[]>
    {
        ["slow.txt"] = "a slow model"u8.ToArray(),
        ["fast.txt"] = "a fast model"u8.ToArray(),
    };

    readonly string root = Directory.CreateTempSubdirectory("serveflow-bundle-").FullName;

    public string Path => System.IO.Path.Combine(root, "iot");

    public string Version1 => System.IO.Path.Combine(Path, "1");

    public string Manifest => System.IO.Path.Combine(Version1, "cascade.json");

    public static BundleManifest NewManifest() => new()
    {
        Schema = 1,
        Name = "",
        Version = "",
        Features = new("nprint:ip4", "default", "00"),
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

    public string Write() => BundleWriter.Write(Path, NewManifest(), Models);

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
}
