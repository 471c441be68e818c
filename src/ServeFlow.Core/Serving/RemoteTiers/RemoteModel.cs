using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// A tier's model that another process computes. The bundle has the same model, which says what the tier is; it scores
/// nothing here.
/// </summary>
public sealed class RemoteModel : ITierModel
{
    readonly int depth;

    RemoteModel(ITierModel local, IRemoteTier remote, int depth, bool waits)
    {
        (Local, Remote, this.depth, Waits) = (local, remote, depth, waits);
    }

    /// <summary>Gets the model of the bundle.</summary>
    public ITierModel Local { get; }

    /// <summary>Gets what computes it.</summary>
    public IRemoteTier Remote { get; }

    /// <summary>
    /// Gets whether a worker waits for each batch, as it may with captures: the records are then those of one process,
    /// byte for byte. On a link packets never wait.
    /// </summary>
    public bool Waits { get; }

    public int Classes => Local.Classes;

    public string EngineName => "remote";

    public long MemoryBytes => 0;

    public ModelWork Work => Local.Work;

    /// <summary>Returns the plan with its last tier computed elsewhere.</summary>
    /// <param name="waits">Whether workers wait for each batch.</param>
    /// <exception cref="InputException">The plan has no other tier.</exception>
    public static CascadePlan Apply(CascadePlan plan, IRemoteTier remote, bool waits)
    {
        var tier = plan.Tiers[^1];
        return plan.Tiers.Count > 1
            ? plan.WithLastModel(new RemoteModel(tier.Compiled, remote, tier.PacketDepth, waits))
            : throw new InputException($"{plan.Name} {plan.Version}: has one tier alone, '{tier.Name}'; a remote tier "
                + "needs one before it, whose answers stand while it is away: train with two tiers or more");
    }

    /// <summary>Returns the plan with every model computed here.</summary>
    public static CascadePlan Remove(CascadePlan plan) =>
        plan.Tiers[^1].Compiled is RemoteModel remote ? plan.WithLastModel(remote.Local) : plan;

    public IBatchScorer CreateScorer() => new RemoteBatchScorer(Remote, depth, Classes);

    public IColumnScorer? CreateColumnScorer() => Local.CreateColumnScorer();
}
