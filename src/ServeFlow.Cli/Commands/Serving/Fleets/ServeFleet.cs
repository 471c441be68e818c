using System.Runtime.CompilerServices;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Service.Fleets;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Fleets;

/// <summary>Has a sensor belong to the fleet of its cluster, and shows and changes that fleet.</summary>
sealed class ServeFleet : IFleetControl, IDisposable
{
    readonly ServeModels models;
    readonly string cluster;
    readonly FleetMember member;

    ServeFleet(ServeModels models, string cluster, FleetMember member)
    {
        (this.models, this.cluster, this.member) = (models, cluster, member);
    }

    /// <summary>Joins the fleet; gives null where no cluster computes the last tier, or where all is waited for.
    /// </summary>
    /// <param name="remote">Computes the last tier; null for nothing.</param>
    /// <param name="tasks">The models of each task.</param>
    /// <param name="read">Reads the sensor's figures.</param>
    /// <param name="say">Is told, in one line and on any thread, what there is to say.</param>
    /// <param name="warn">Is told what is wrong in the same way.</param>
    public static ServeFleet? Join(IRemoteTierFactory? remote, IReadOnlyList<ServeModels> tasks,
        Func<SensorFigures> read, Action<string> say, Action<string> warn) =>
        remote is null ? null : JoinCluster(remote, tasks, read, say, warn);

    public FleetDocument Describe() => FleetDescription.From(cluster, member.Describe());

    public FleetChangeDocument Publish(string name, int? version, double within)
    {
        var (model, folder) = models.FindVersion(name, version);
        return Tell(member.Publish(model, folder, TimeSpan.FromSeconds(within)));
    }

    public FleetChangeDocument Activate(string name, int? version, double within) =>
        Change(new() { Kind = FleetChangeKind.Activate, Name = name, Version = version ?? 0 }, within);

    public FleetChangeDocument StartCanary(string name, int? version, double share, IReadOnlyList<string> sensors,
        double within) => Change(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = name,
            Version = version ?? 0,
            Share = share,
            Sensors = sensors,
        }, within);

    public FleetChangeDocument RollBack(double within) => Change(new() { Kind = FleetChangeKind.RollBack }, within);

    public void Dispose() => member.Dispose();

    /// <summary>Loads libraries of clusters, which most sensors do without.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static ServeFleet? JoinCluster(IRemoteTierFactory remote, IReadOnlyList<ServeModels> tasks,
        Func<SensorFigures> read, Action<string> say, Action<string> warn)
    {
        if (remote is not ClusterTierFactory { Options.Waits: false } tiers)
        {
            return null;
        }

        var name = tiers.Options.Name;
        if (tasks is [var only])
        {
            only.BeginByOwn(Path.Combine(only.Root, $".fleet-{name}.own"));
        }

        if (tasks is not [{ TakesVersions: true }])
        {
            say("fleet: this sensor takes no versions of the fleet, as it answers several tasks or serves one version "
                + "alone: serve the folder of a bundle's versions, or leave it out of changes with --sensor");
        }

        return new(tasks[0], tiers.Options.Cluster.Id,
            FleetMember.Join(tiers, new SensorNode(name, tasks, read), say, warn));
    }

    static FleetChangeDocument Tell(FleetProgress done) => new(done.Model?.ToString(), done.Seconds, done.Messages,
        done.Answers, done.Nodes);

    FleetChangeDocument Change(FleetChange change, double within) =>
        Tell(member.Change(change with { Within = TimeSpan.FromSeconds(within) }));
}
