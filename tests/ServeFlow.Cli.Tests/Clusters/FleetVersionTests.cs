using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster.Fleets.Messages;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>How a sensor takes the versions that its fleet sends.</summary>
public sealed class FleetVersionTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-versions-").FullName;
    readonly FleetModel two;

    public FleetVersionTests()
    {
        SmallBundle.Write(At("models/iot"));
        SmallBundle.Write(At("next"), packets: 2);
        two = new("iot", 2, Bundle.Load(At("next")).Sha256);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Stage_VersionThatCame_StaysHiddenAndIsGoneAfterADrop()
    {
        var models = ServeModels.Open(At("models"), null);
        Assert.False(models.HasVersion(two));
        models.Stage(two, Receive());
        Assert.True(models.HasVersion(two));
        Assert.Equal(["1"], models.List().Select(entry => entry.Version));
        Assert.Equal(2, models.ReadyPlans().Count);

        models.DropReceived();
        Assert.False(models.HasVersion(two));
        Assert.Single(models.ReadyPlans());
        Assert.Equal(["iot"], Directory.EnumerateFileSystemEntries(At("models")).Select(Path.GetFileName));
    }

    [Fact]
    public void Prepare_VersionThatCame_IsKeptUntilAnotherIsAndChangesNothing()
    {
        var models = ServeModels.Open(At("models"), null);
        models.Prepare(two, Receive());
        models.DropReceived(two);
        Assert.True(models.HasVersion(two));
        Assert.Equal(2, models.ReadyPlans().Count);
        models.Follow(null, null, 0);
        Assert.Equal("1", models.Main.Bundle.Plan.Version);

        SmallBundle.Write(At("later"), packets: 3);
        Directory.Move(At("later/1"), At("models/iot/3"));
        var three = new FleetModel("iot", 3, Bundle.Load(At("models/iot/3")).Sha256);
        models.Prepare(three, null);
        models.DropReceived(three);
        Assert.False(models.HasVersion(two));
        Assert.Equal(["1", "3"], models.ReadyPlans().Select(plan => plan.Version).Order());
        models.Prepare(two, Receive());
        Assert.Equal(["1", "2"], models.ReadyPlans().Select(plan => plan.Version).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stage_WhatWasPreparedIsDamagedSince_IsRefusedByItsFile(bool isReceived)
    {
        var models = ServeModels.Open(At("models"), "iot@1");
        var place = isReceived ? Receive() : At("models/iot/2");
        if (!isReceived)
        {
            Directory.Move(At("next/1"), place);
        }

        models.Prepare(two, isReceived ? place : null);
        models.Stage(two, null);
        File.AppendAllText(Path.Combine(place, "slow.txt"), "x");

        Assert.Contains("slow.txt: changed since the bundle was written",
            Assert.Throws<InputException>(() => models.Stage(two, null)).Message, StringComparison.Ordinal);
        Assert.Equal(!isReceived, models.HasVersion(two)); // what was received is fetched again
    }

    [Fact]
    public void Stage_ContentOfAnotherHash_IsRefused()
    {
        var models = ServeModels.Open(At("models"), null);

        Assert.Contains("is another iot@2 than the fleet's (00000000)", Assert.Throws<InputException>(() =>
            models.Stage(two with { Sha256 = new('0', 64) }, Receive())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HasVersion_AnotherContentHasItsPlace_IsRefused()
    {
        SmallBundle.Write(At("other"), packets: 3);
        Directory.Move(At("other/1"), At("models/iot/2"));

        var models = ServeModels.Open(At("models"), "iot@1");
        Assert.EndsWith($"models/iot/2: is another iot@2 than the fleet's ({two.Sha256[..8]}): publish that under a "
            + "new version", Assert.Throws<InputException>(() => models.HasVersion(two)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models/iot/1", "iot")]
    [InlineData("models/iot", "web")]
    public void HasVersion_SensorOfOneVersionOrAnotherBundle_HasNoPlaceForIt(string path, string name)
    {
        Assert.Contains("serve a folder of bundles, or that of a bundle's versions", Assert.Throws<InputException>(
            () => ServeModels.Open(At(path), null).HasVersion(two with { Name = name })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FindVersion_BundleWithoutANumber_IsRefused()
    {
        Directory.Move(At("next/1"), At("plain"));

        Assert.EndsWith("put it into a folder with its number, such as plain/1", Assert.Throws<InputException>(() =>
            ServeModels.Open(At("plain"), null).FindVersion("plain", null)).Message, StringComparison.Ordinal);
        Assert.Equal("iot@1", ServeModels.Open(At("models"), null).FindVersion("iot", null).Model.ToString());
    }

    string Receive()
    {
        var place = Directory.CreateDirectory(At("models/.came")).FullName;
        foreach (var file in Directory.EnumerateFiles(At("next/1")))
        {
            File.Copy(file, Path.Combine(place, Path.GetFileName(file)));
        }

        return place;
    }

    string At(string name) => Path.Combine(folder, name);
}
