using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ServeFlow.Cascade.Bundles;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

public sealed class BundleWriterTests : IDisposable
{
    readonly SmallBundle bundle = new();

    public void Dispose() => bundle.Dispose();

    [Fact]
    public void Write_ThenRead_GivesTheSameManifestAndModels()
    {
        var folder = bundle.Write();
        var (_, manifest, files) = BundleReader.Read(folder);

        Assert.Equal(bundle.Version1, folder);
        Assert.Equal(("iot", "1"), (manifest.Name, manifest.Version));
        Assert.Equal(SmallBundle.NewManifest().Tiers[0].Thresholds, manifest.Tiers[0].Thresholds);
        Assert.Equal(SmallBundle.NewManifest().Data.HeldOut, manifest.Data.HeldOut);
        Assert.Equal(SmallBundle.Models["fast.txt"], files["fast.txt"]);
        Assert.Equal(["fast.txt", "slow.txt"], manifest.Files.Select(f => f.Name));
    }

    [Fact]
    public void Write_Twice_MakesAnotherVersionWithTheSameContent()
    {
        var first = bundle.Write();
        var second = bundle.Write();

        Assert.Equal("2", Path.GetFileName(second));
        Assert.Equal(second, BundleFolder.Resolve(bundle.Path));
        Assert.Equal(first, BundleFolder.Resolve(first));
        Assert.Equal(
            File.ReadAllText(Path.Combine(first, "cascade.json")),
            File.ReadAllText(Path.Combine(second, "cascade.json")).Replace("\"version\": \"2\"", "\"version\": \"1\""));
    }

    [Fact]
    public void Write_ManyVersions_TenIsLaterThanNine()
    {
        bundle.Write();
        Directory.Move(bundle.Version1, Path.Combine(bundle.Path, "9"));

        Assert.Equal("10", Path.GetFileName(bundle.Write()));
        Assert.EndsWith("10", BundleFolder.Resolve(bundle.Path));
    }

    [Fact]
    public void Write_ManifestThatCannotBeRead_LeavesNothingBehind()
    {
        var manifest = SmallBundle.NewManifest() with { Labels = [] };

        Assert.Throws<InputException>(() => BundleWriter.Write(bundle.Path, manifest, SmallBundle.Models));
        Assert.False(Directory.Exists(bundle.Path));
    }

    [Fact]
    public void Write_SecondVersionFails_KeepsTheFirstAlone()
    {
        bundle.Write();
        var manifest = SmallBundle.NewManifest() with { Labels = [] };

        Assert.Throws<InputException>(() => BundleWriter.Write(bundle.Path, manifest, SmallBundle.Models));
        Assert.Equal([bundle.Version1], Directory.GetFileSystemEntries(bundle.Path));
    }

    [Fact]
    public void Write_FolderOfSomethingElse_IsRefusedUntouched()
    {
        Directory.CreateDirectory(bundle.Path);
        File.WriteAllText(Path.Combine(bundle.Path, "thesis.doc"), "years of work");

        var e = Assert.Throws<InputException>(() => bundle.Write());
        Assert.Contains("thesis.doc", e.Message);
        Assert.Single(Directory.GetFileSystemEntries(bundle.Path));
    }

    [Fact]
    public void Write_InsideAVersion_IsRefusedAndTheVersionStaysWhole()
    {
        var version = bundle.Write();

        var e = Assert.Throws<InputException>(() => BundleWriter.Write(Path.Combine(version, "a", "b"),
            SmallBundle.NewManifest(), SmallBundle.Models));
        Assert.Contains($"lies in the bundle {version}", e.Message, StringComparison.Ordinal);
        BundleReader.Read(version);
    }

    /// <summary>Two trainings into one new folder: the one that fails leaves the other's version.</summary>
    [Fact]
    public void Write_FailsInAFolderThatAnotherFills_LeavesTheOthersVersion()
    {
        var models = new FillingModels(SmallBundle.Models, () => bundle.Write());

        Assert.Throws<InputException>(() => BundleWriter.Write(bundle.Path,
            SmallBundle.NewManifest() with { Labels = [] }, models));
        Assert.Contains(bundle.Version1, Directory.GetFileSystemEntries(bundle.Path));
        BundleReader.Read(bundle.Version1);
    }

    [Fact]
    public void Resolve_UnfinishedVersion_IsPassedOver()
    {
        bundle.Write();
        Directory.CreateDirectory(Path.Combine(bundle.Path, ".unfinished-x"));

        Assert.Equal(bundle.Version1, BundleFolder.Resolve(bundle.Path));
        BundleFolder.CheckTarget(bundle.Path);
    }

    /// <summary>Runs something when the models are about to be written.</summary>
    sealed class FillingModels(IReadOnlyDictionary<string, byte[]> models, Action fill)
        : IReadOnlyDictionary<string, byte[]>
    {
        public int Count => models.Count;

        public IEnumerable<string> Keys => models.Keys;

        public IEnumerable<byte[]> Values => models.Values;

        public byte[] this[string key] => models[key];

        public bool ContainsKey(string key) => models.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out byte[] value) =>
            models.TryGetValue(key, out value);

        public IEnumerator<KeyValuePair<string, byte[]>> GetEnumerator()
        {
            fill();
            return models.GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
