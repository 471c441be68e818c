using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>What a worker takes of bundles that are published, and what it refuses.</summary>
public sealed class BundleStoreTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-store-").FullName;
    readonly string source;
    readonly FleetModel model;

    public BundleStoreTests()
    {
        SmallBundle.Write(At("iot"));
        source = At("iot/1");
        model = new("iot", 3, Bundle.Load(source).Sha256);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Take_WholeBundle_IsReadBackAlsoAfterARestart()
    {
        using (var store = Open())
        {
            Send(store);
            store.Take(store.FindUpload("one"), model);
            Assert.True(store.Has(model));
        }

        using var again = Open();
        Assert.Equal(model.Sha256, again.Load(model).Sha256);
        Assert.Equal("cascade.json", again.List(model.Sha256)[0].Name);
        Assert.Equal(File.ReadAllBytes(Path.Combine(source, "slow.txt")), again.Read(model.Sha256, "slow.txt", 0));
        Assert.Empty(again.Read(model.Sha256, "../iot/1/slow.txt", 0));
        Assert.Equal([".", ".lock", "iot"], Directory.EnumerateFileSystemEntries(At("store"))
            .Select(Path.GetFileName).Prepend(".").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Take_DamagedPiece_IsRefusedAndNothingIsLeft()
    {
        using var store = Open();
        Send(store, bytes => bytes[^2] ^= 1);

        Assert.Contains("slow.txt: ", Assert.Throws<InputException>(() =>
            store.Take(store.FindUpload("one"), model)).Message, StringComparison.Ordinal);
        Assert.False(store.Has(model));
        Assert.Empty(Directory.EnumerateDirectories(At("store")));
    }

    [Fact]
    public void Take_BundleOfAnotherHash_IsRefused()
    {
        using var store = Open();
        Send(store);

        Assert.StartsWith("iot@3: came with the hash ", Assert.Throws<InputException>(() => store.Take(
            store.FindUpload("one"), model with { Sha256 = new('0', 64) })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../iot", 3)]
    [InlineData(".iot", 3)]
    [InlineData("iot", 0)]
    [InlineData("", 1)]
    public void Take_NameThatLeadsElsewhere_IsRefused(string name, int version)
    {
        using var store = Open();
        Send(store);

        Assert.Contains("a fleet takes names of at most 100 letters", Assert.Throws<InputException>(() => store.Take(
            store.FindUpload("one"), model with { Name = name, Version = version })).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x", 0)]
    [InlineData("x", 1)]
    [InlineData("x", -1)]
    [InlineData("x", long.MaxValue)]
    public void Write_PieceThatCannotBe_IsRefused(string file, long offset)
    {
        using var store = Open();

        Assert.Throws<InputException>(() => store.Write("one", file, offset, [1, 2]));
        Assert.Throws<InputException>(() => store.Write("../one", "x", 0, [1, 2]));
    }

    [Fact]
    public void Take_OtherBundleHasThePlace_IsRefused()
    {
        using var store = Open();
        Send(store);
        store.Take(store.FindUpload("one"), model);
        SmallBundle.Write(At("other"), packets: 2);
        var other = model with { Sha256 = Bundle.Load(At("other")).Sha256 };
        foreach (var file in Directory.EnumerateFiles(At("other/1")))
        {
            store.Write("two", Path.GetFileName(file), 0, File.ReadAllBytes(file));
        }

        Assert.EndsWith("iot/3: is another iot@3 already: publish this one under a new version",
            Assert.Throws<InputException>(() => store.Take(store.FindUpload("two"), other)).Message,
            StringComparison.Ordinal);
        Assert.True(store.Has(model));
    }

    [Fact]
    public void Load_BundleWasDamaged_IsForgottenAndTakenAnew()
    {
        using var store = Open();
        Send(store);
        store.Take(store.FindUpload("one"), model);
        File.AppendAllText(At("store/iot/3/slow.txt"), "x");
        Assert.Contains("slow.txt: ", Assert.Throws<InputException>(() => store.Load(model)).Message,
            StringComparison.Ordinal);
        Assert.False(store.Has(model));
        Assert.Empty(store.List(model.Sha256)); // as nodes see that are about to fetch it, or in the middle
        Assert.Empty(store.Read(model.Sha256, "slow.txt", 0));
        Assert.Contains("slow.txt: ", store.ExplainLoss(model.Sha256), StringComparison.Ordinal);
        Assert.Contains("slow.txt: ", Assert.Throws<InputException>(() => store.Load(model)).Message,
            StringComparison.Ordinal);

        Send(store);
        store.Take(store.FindUpload("one"), model);
        Assert.Equal(model.Sha256, store.Load(model).Sha256);
        Assert.Empty(store.ExplainLoss(model.Sha256));

        File.AppendAllText(At("store/iot/3/slow.txt"), "x"); // who publishes again need not know
        Send(store);
        store.Take(store.FindUpload("one"), model);
        Assert.Equal(model.Sha256, store.Load(model).Sha256);
    }

    [Fact]
    public void Take_SameContentLiesInItsPlace_IsTaken()
    {
        using var store = Open();
        Directory.CreateDirectory(At("store/iot"));
        Directory.Move(At("iot/1"), At("store/iot/3"));
        SmallBundle.Write(At("iot"));
        Send(store);
        store.Take(store.FindUpload("one"), model);

        Assert.Equal(model.Sha256, store.Load(model).Sha256);
    }

    [Fact]
    public void Open_FolderOfAnotherWorker_IsRefusedUntilThatEnds()
    {
        using (Open())
        {
            Assert.EndsWith("another worker uses it: give each its own", Assert.Throws<InputException>(Open).Message,
                StringComparison.Ordinal);
        }

        Open().Dispose();
    }

    void Send(BundleStore store, Action<byte[]>? damage = null)
    {
        foreach (var part in BundleTransfer.ListFiles(source))
        {
            var bytes = BundleTransfer.ReadPiece(Path.Combine(source, part.Name), 0);
            if (part.Name == "slow.txt")
            {
                damage?.Invoke(bytes);
            }

            store.Write("one", part.Name, 0, bytes);
        }
    }

    BundleStore Open() => new(At("store"), ModelFormats.BuiltIn);

    string At(string name) => Path.Combine(folder, name);
}
