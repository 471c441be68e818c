using System.Runtime.CompilerServices;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Service.Fleets;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Fleets;

/// <summary>Has a sensor belong to the fleet of its cluster, and shows and changes that fleet.</summary>
sealed class ServeFleet : IFleetControl, IDisposable
{
    readonly ServeModels models;
    readonly ClusterTierOptions options;
    readonly FleetMember member;
    readonly Action<string> warn;

    ServeFleet(ServeModels models, ClusterTierOptions options, FleetMember member, Action<string> warn)
    {
        (this.models, this.options, this.member, this.warn) = (models, options, member, warn);
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

    public FleetDocument Describe() => FleetDescription.From(options.Cluster.Id, member.Describe(),
        member.Refusal);

    public FleetStanding Standing => new(options.Cluster.Id, options.Name,
        member.Refusal.Length > 0 ? member.Refusal : null);

    public FleetChangeDocument Publish(string name, int? version, double within, string by) =>
        Try(Words("publish", name, version ?? 0), by, asker =>
        {
            var (model, folder) = models.FindVersion(name, version);
            return member.Publish(model, folder, TimeSpan.FromSeconds(within), asker);
        });

    public FleetChangeDocument Activate(string name, int? version, double within, string by) =>
        Change(new() { Kind = FleetChangeKind.Activate, Name = name, Version = version ?? 0 }, within, by);

    public FleetChangeDocument StartCanary(string name, int? version, double share, IReadOnlyList<string> sensors,
        double within, string by) => Change(new()
        {
            Kind = FleetChangeKind.Canary,
            Name = name,
            Version = version ?? 0,
            Share = share,
            Sensors = sensors,
        }, within, by);

    public FleetChangeDocument RollBack(double within, string by) =>
        Change(new() { Kind = FleetChangeKind.RollBack }, within, by);

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

        var member = FleetMember.Join(tiers, new SensorNode(name, tasks, read), say, warn);
        return new(tasks[0], tiers.Options, member, warn);
    }

    static FleetChangeDocument Tell(FleetProgress done) => new(done.Model?.ToString(), done.Seconds, done.Messages,
        done.Answers, done.Nodes);

    FleetChangeDocument Change(FleetChange change, double within, string by) =>
        Try(Words(Verb(change.Kind), change.Name, change.Version), by, asker =>
            member.Change(change with { Within = TimeSpan.FromSeconds(within), By = asker }));

    /// <summary>Makes a change; one that is refused leaves a trace here, where it was asked for.</summary>
    /// <param name="what">What is asked for, in words.</param>
    FleetChangeDocument Try(string what, string by, Func<string, FleetProgress> change)
    {
        try
        {
            return Tell(change($"{by} at {options.Name}"));
        }
        catch (InputException e)
        {
            warn($"fleet: {InputException.Quote(what)}, asked for by {by}: {e.Message}");
            throw;
        }
    }

    static string Words(string verb, string name, int version) =>
        name.Length == 0 ? verb : $"{verb} {name}{(version > 0 ? $"@{version}" : "")}";

    static string Verb(FleetChangeKind kind) => kind switch
    {
        FleetChangeKind.Activate => "activate",
        FleetChangeKind.Canary => "canary",
        _ => "rollback",
    };
}
