using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>
/// Tests which model answers on a sensor that was started without the number of a version: while its fleet decides for
/// other versions, and after a restart.
/// </summary>
public sealed class FleetOwnModelTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-own-").FullName;
    readonly List<Sensor> sensors = [];
    readonly List<string> said = [];
    readonly FleetModel two;

    public FleetOwnModelTests()
    {
        SmallBundle.Write(At("models/iot"));
        SmallBundle.Write(At("next"), packets: 2);
        two = new("iot", 2, Bundle.Load(At("next")).Sha256);
    }

    public void Dispose()
    {
        sensors.ForEach(sensor => sensor.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Canary_ReloadOrRestart_StaysACanary()
    {
        var models = Start();
        Receive(models);
        models.Follow(null, two, 0.1);
        Assert.Empty(models.Reload());
        Assert.Equal(["main iot@1", "canary iot@2"], Roles(models));

        models = Start();
        models.Follow(null, two, 0.1);
        Assert.Equal(["main iot@1", "canary iot@2"], Roles(models));
        Assert.Contains(said, line => line.StartsWith("iot 1 answers, as before the fleet's first decision",
            StringComparison.Ordinal));
    }

    [Fact]
    public void RollBack_OfTheFirstActivation_HoldsAfterARestart()
    {
        var models = Start();
        Receive(models);
        models.Follow(two, null, 0);
        Assert.Equal(["main iot@2"], Roles(models));
        models.Follow(null, null, 0);
        Assert.Equal(["main iot@1"], Roles(models));

        models = Start();
        models.Follow(null, null, 0);
        Assert.Empty(models.Reload());
        Assert.Equal(["main iot@1"], Roles(models));
        Assert.Throws<InputException>(models.RollBack);
    }

    [Fact]
    public void Restart_VersionThatIsAskedFor_IsTheSensorsOwnFromThenOn()
    {
        var models = Start();
        Receive(models);
        models.Follow(two, null, 0);
        models.Follow(null, null, 0);

        Assert.Equal(["main iot@2"], Roles(Start("iot@2")));
        Assert.Equal(["main iot@2"], Roles(Start()));
    }

    [Fact]
    public void Restart_OwnVersionIsGone_TheLatestAnswersAndALineSaysSo()
    {
        var models = Start();
        Receive(models);
        models.Follow(two, null, 0);
        Directory.Delete(At("models/iot/1"), recursive: true);

        Assert.Equal(["main iot@2"], Roles(Start()));
        Assert.Contains("/.fleet-a.own: ", said[^1], StringComparison.Ordinal);
        Assert.EndsWith("has no version 1; it has 2: iot 2 answers", said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Follow_SameDecisionAgain_LeavesWhatWasActivatedHere()
    {
        var models = Start();
        Receive(models);
        models.Follow(two, null, 0);
        models.DropReceived();
        models.Activate("iot", 1);

        models.Follow(two, null, 0); // as something was published
        Assert.Equal(["main iot@1"], Roles(models));

        models.Stage(two, null); // as it is activated again
        models.Follow(two, null, 0);
        Assert.Equal(["main iot@2"], Roles(models));
    }

    [Fact]
    public void Begin_TrialThatTheFleetHasDecidedFor_IsSkippedAndALineSaysSo()
    {
        var models = Start();
        Receive(models);
        models.Follow(two, null, 0);

        models = Open("iot@1");
        models.Follow(two, null, 0);
        models.Begin(new() { Shadow = "iot@2", Canary = "iot@2", Share = 0.5 });
        Assert.Equal(["main iot@2"], Roles(models));
        Assert.Equal(["iot 2: is no canary, as by the fleet's decision it answers already",
            "iot 2: is no shadow, as by the fleet's decision it answers already"], said.TakeLast(2));
    }

    [Fact]
    public void Begin_CanaryBesideThatOfTheFleet_IsSkipped()
    {
        SmallBundle.Write(At("models/web"), packets: 3);
        var models = Open("iot");
        Receive(models);
        models.Follow(null, two, 0.1);
        models.Begin(new() { Canary = "web", Share = 0.5 });

        Assert.Equal(["main iot@1", "canary iot@2"], Roles(models));
        Assert.EndsWith("is no canary, as by the fleet's decision iot@2 is", said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Stage_ModelOfWindowsForASensorOfWholeFlows_IsRefusedBeforeAnythingIsDecided()
    {
        var manifest = SmallBundle.NewManifest() with { WindowMs = 1000 };
        BundleWriter.Write(At("models/windows"), manifest, SmallBundle.Models);
        var models = Start("iot");
        var windows = new FleetModel("windows", 1, Bundle.Load(At("models/windows")).Sha256);

        Assert.Contains("classifies windows of 1 s, and this sensor whole flows", Assert.Throws<InputException>(() =>
            models.Stage(windows, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DropReceived_FolderIsGone_LetsGoOfItAndTakesItAgain()
    {
        var models = Start();
        Receive(models);
        Directory.Delete(At("models/.came"), recursive: true);
        Assert.False(models.HasVersion(two));
        Receive(models);
        Directory.Delete(At("models/.came"), recursive: true);
        models.DropReceived();
        Assert.False(models.HasVersion(two));

        Receive(models);
        models.Follow(two, null, 0);
        Assert.Equal(["main iot@2"], Roles(models));
    }

    /// <summary>Starts a sensor as a member of a fleet that takes no packets.</summary>
    ServeModels Start(string? model = null)
    {
        var models = Open(model);
        models.Begin(new());
        return models;
    }

    ServeModels Open(string? model)
    {
        var models = ServeModels.Open(At("models"), model);
        var plan = models.Main.Bundle.Plan;
        sensors.Add(new(plan, new() { Plans = new ServedPlans(plan, models.Main.Sensor.Key) }, [], [], said.Add));
        models.Attach(sensors[^1], said.Add, said.Add, _ => []);
        models.BeginByOwn(At("models/.fleet-a.own"));
        return models;
    }

    void Receive(ServeModels models)
    {
        var place = Directory.CreateDirectory(At("models/.came")).FullName;
        foreach (var file in Directory.EnumerateFiles(At("next/1")))
        {
            File.Copy(file, Path.Combine(place, Path.GetFileName(file)));
        }

        models.Stage(two, place);
    }

    static IEnumerable<string> Roles(ServeModels models) => models.InUse.Roles
        .Select(one => $"{one.Role} {one.Model.Entry.Name}@{one.Model.Entry.Version}");

    string At(string name) => Path.Combine(folder, name);
}
