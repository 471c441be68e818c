using ServeFlow.Cascade;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Is a worker as its fleet steers it: it keeps all that was published, and serves the tiers that sensors use
/// or may go back to.</summary>
sealed class WorkerNode(ClusterWorkerOptions options, WorkerTiers tiers, BundleStore store) : IFleetNode
{
    readonly Dictionary<FleetModel, CascadePlan> loaded = [];

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

        Serve(model);
    }

    public void Store(FleetModel model, string folder) => store.Take(folder, model);

    public void Apply(FleetState state)
    {
        var used = FindNeeded(state).ToList();
        used.ForEach(Serve);
        foreach (var gone in loaded.Keys.Except(used).ToList())
        {
            loaded.Remove(gone);
        }

        tiers.UseMore([.. loaded.Values]);
    }

    public void Drop()
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
