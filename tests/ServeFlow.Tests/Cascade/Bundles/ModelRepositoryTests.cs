using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Tests.Serving;
using Xunit;

namespace ServeFlow.Tests.Cascade.Bundles;

public sealed class ModelRepositoryTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-repository-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Open_RepositoryBundleOrVersion_FindsWhatBelongsToIt()
    {
        SmallBundle.Write(At("iot"));
        SmallBundle.Write(At("iot"));
        SmallBundle.Write(At("web"));
        Directory.CreateDirectory(At("iot/.unfinished-1"));

        Assert.Equal("iot1 iot2 web1", Names(folder));
        Assert.Equal("iot1 iot2", Names(At("iot")));
        Assert.Equal("iot1", Names(At("iot/1/")));
        Assert.Equal(2, ModelRepository.Open(folder).Find("iot", null).Version);
        Assert.Equal(1, ModelRepository.Open(folder).Find("iot", 1).Version);
    }

    [Fact]
    public void Load_BundleThatWasCopiedUnderOtherNames_AnswersUnderThese()
    {
        SmallBundle.Write(At("bundle"));
        Directory.CreateDirectory(At("models/camera"));
        Directory.Move(At("bundle/1"), At("models/camera/7"));
        var repository = ModelRepository.Open(At("models"));

        var bundle = repository.Load(repository.Find("camera", null), ModelFormats.BuiltIn);

        Assert.Equal(("camera", "7"), (bundle.Plan.Name, bundle.Plan.Version));
        Assert.Equal(("bundle", "1"), (bundle.Manifest.Name, bundle.Manifest.Version));
        Assert.Equal(64, bundle.Sha256.Length);
    }

    [Fact]
    public void Find_LatestCannotBeUsed_GivesTheLatestThatCan()
    {
        SmallBundle.Write(At("iot"));
        Directory.CreateDirectory(At("iot/2"));
        var repository = ModelRepository.Open(folder);

        Assert.Equal(1, repository.Find("iot", null).Version);
        Assert.Contains("iot/2: no cascade.json here: copied in part?",
            Assert.Throws<InputException>(() => repository.Find("iot", 2)).Message);
    }

    [Fact]
    public void Find_NoSuchModelOrVersion_IsAMistakenRequestAndAnUnusableOneIsNot()
    {
        SmallBundle.Write(At("iot"));
        Directory.CreateDirectory(At("iot/2"));
        var repository = ModelRepository.Open(folder);

        bool IsMistaken(string name, int? version) =>
            Assert.Throws<InputException>(() => repository.Find(name, version)).IsMistakenRequest;

        Assert.True(IsMistaken("web", null));
        Assert.True(IsMistaken("iot", 3));
        Assert.False(IsMistaken("iot", 2));
    }

    [Fact]
    public void Find_NoSuchVersionBesideForeignFolders_NamesWhatWasAskedFor()
    {
        SmallBundle.Write(At("iot"));
        Directory.CreateDirectory(At("iot/01"));
        Directory.CreateDirectory(At("iot/2"));
        Directory.CreateDirectory(At("iot/99999999999999999999"));
        var repository = ModelRepository.Open(folder);

        Assert.EndsWith("iot: has no version 15; it has 1, 2",
            Assert.Throws<InputException>(() => repository.Find("iot", 15)).Message);
        Directory.Delete(At("iot/1"), recursive: true);
        Directory.Delete(At("iot/2"));
        Assert.Contains("iot/01: no version's folder",
            Assert.Throws<InputException>(() => repository.Find("iot", 15)).Message);
    }

    [Fact]
    public void Load_FileThatChangesAfterTheListing_IsRefused()
    {
        SmallBundle.Write(At("iot"));
        var repository = ModelRepository.Open(folder);
        var entry = repository.Find("iot", null);
        File.AppendAllText(At("iot/1/slow.txt"), " ");

        Assert.Contains("slow.txt: changed since the bundle was written",
            Assert.Throws<InputException>(() => repository.Load(entry, ModelFormats.BuiltIn)).Message);
        File.Delete(At("iot/1/slow.txt"));
        Assert.Contains("slow.txt: missing",
            Assert.Throws<InputException>(() => repository.Load(entry, ModelFormats.BuiltIn)).Message);
        Directory.Delete(At("iot"), recursive: true);
        Assert.Throws<InputException>(() => repository.Load(entry, ModelFormats.BuiltIn));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("nothing")]
    public void Open_NoBundle_SaysWhatIsExpected(string path) => Assert.Contains("no bundle here",
        Assert.Throws<InputException>(() => ModelRepository.Open(At(path))).Message);

    [Fact]
    public void ServedPlans_ManyPlans_KeepTheirNumbersUntilThereIsNoRoomForMore()
    {
        var plans = new ServedPlans(TinyCascade.Plan(1, 2), "a");
        var large = TinyCascade.Plan([.. Enumerable.Range(0, 10_000).Select(i => $"{i}")],
            [.. Enumerable.Repeat(1, 50)]);

        Assert.Equal([0, 1, 2, 1], new[] { "a", "b", "c", "b" }.Select(key => plans.Add(TinyCascade.Plan(1), key)));
        Assert.Equal(3, plans.Add(large, "d"));
        Assert.Equal(4, plans.Add(large, "e"));
        Assert.Contains("restart the sensor", Assert.Throws<InputException>(() => plans.Add(large, "f")).Message);
        Assert.Equal(5, plans.Count);
        Assert.Equal(50, plans.TierNames.Count);
        Assert.Equal(plans.TierNames, plans.Counted.Tiers.Select(tier => tier.Name));
        Assert.Throws<InvalidOperationException>(() => plans[0].Tiers[0].CreateScorer());
    }

    string Names(string path) => string.Join(' ', ModelRepository.Open(path).List()
        .Select(entry => $"{entry.Name}{entry.Version}{entry.Problem}"));

    string At(string name) => Path.Combine(folder, name);
}
