using ServeFlow.Cascade;
using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Represents a worker as its fleet steers it: it keeps all that was published, and serves the tiers that
/// sensors use or may go back to. It goes on serving those of a model that was rolled back, as flows that began with it
/// may still wait for packets, and sensors follow one after the other.</summary>
sealed class WorkerNode(ClusterWorkerOptions options, WorkerTiers tiers, BundleStore store) : IFleetNode
{
    /// <summary>Limits the models that are served on although nothing uses them any more.</summary>
    const int MaxUnused = 2;

    readonly Dictionary<FleetModel, CascadePlan> loaded = [];

    /// <summary>Holds the models that nothing uses any more, the earliest first.</summary>
    readonly List<FleetModel> unused = [];

    FleetSetting? applied;

    string StateFile => Path.Combine(store.Root, ".fleet.json");

    public string Name => options.Address.ToString();

    public NodeReport Describe(NodeReport report) => report with
    {
        Worker = new()
        {
            Batches = tiers.Counts.Batches,
            Answered = tiers.Counts.CountFlows(TierStatus.Answered),
            Late = tiers.Counts.CountFlows(TierStatus.Late),
            Busy = tiers.Counts.CountFlows(TierStatus.Busy),
            Refused = tiers.Counts.CountFlows(TierStatus.Unknown) + tiers.Counts.CountFlows(TierStatus.Malformed)
                + tiers.Counts.CountFlows(TierStatus.Failed),
            Threads = options.Threads,
            Tiers = tiers.Description,
        },
    };

    public FleetState Recall() => FleetStateFile.Read(StateFile);

    public void Keep(FleetState state) => FleetStateFile.Write(StateFile, state);

    public IEnumerable<FleetModel> FindNeeded(FleetState state) =>
        state.Earlier.Append(state.Setting).SelectMany(setting => setting.Models).Distinct();

    public IEnumerable<FleetModel> FindKept(FleetState state) => state.Published;

    public bool Has(FleetModel model) => store.Has(model);

    public string CreatePlace(FleetModel model) => store.CreateUpload();

    public void Stage(FleetModel model, string? folder)
    {
        if (folder is not null)
        {
            store.Take(folder, model);
        }

        if (loaded.ContainsKey(model))
        {
            store.Check(model); // it may be served for long
        }

        Serve(model);
    }

    public void Store(FleetModel model, string folder) => store.Take(folder, model);

    public void Apply(FleetState state)
    {
        var used = FindNeeded(state).ToList();
        used.ForEach(Serve);
        unused.RemoveAll(used.Contains);
        unused.AddRange(loaded.Keys.Except(used).Except(unused).ToList());
        while (unused.Count > MaxUnused)
        {
            loaded.Remove(unused[0]);
            unused.RemoveAt(0);
        }

        tiers.UseMore([.. loaded.Values]);
        if (state.Setting == applied && state.Published is [.., var published])
        {
            store.ForgetIfDamaged(published); // who publishes a version again may do so as this copy is damaged
        }

        applied = state.Setting;
    }

    public void Drop(FleetModel? but)
    {
    }

    void Serve(FleetModel model)
    {
        if (loaded.ContainsKey(model))
        {
            return;
        }

        loaded[model] = store.Load(model).Plan with { Name = model.Name, Version = $"{model.Version}" };
        tiers.UseMore([.. loaded.Values]);
    }
}
