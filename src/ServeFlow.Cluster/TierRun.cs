namespace ServeFlow.Cluster;

/// <summary>Holds what a tier scores at once: a batch, or several that were gathered. Not thread-safe.</summary>
sealed class TierRun(WaitingBatch first, GatherOptions gather)
{
    readonly List<WaitingBatch> batches = [first];
    readonly TaskCompletionSource gathered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    WaitingBatch earliest = first;

    public ServedTier Tier { get; } = first.Tier;

    public IReadOnlyList<WaitingBatch> Batches => batches;

    public int Flows { get; private set; } = first.Request.Flows;

    /// <summary>Gets what is completed when nothing more is gathered.</summary>
    public Task Gathered => gathered.Task;

    /// <summary>Gets the time that is left for all of its answers.</summary>
    public TimeSpan Left => earliest.Left;

    /// <summary>Adds a batch, unless the run would have too many flows by it, or be over too late for one of
    /// them.</summary>
    public bool TryAdd(WaitingBatch batch)
    {
        var flows = Flows + batch.Request.Flows;
        if (batch.Tier != Tier || flows > gather.Flows)
        {
            return false;
        }

        var next = batch.Left < Left ? batch : earliest;
        if (Tier.Pace.Estimate(flows) > next.Left)
        {
            return false;
        }

        batches.Add(batch);
        (Flows, earliest) = (flows, next);
        return true;
    }

    /// <summary>Computes how long it pays to wait for more flows: while others may come, and for at most half of the
    /// time that is to spare, as answers have a way to go.</summary>
    public TimeSpan FindPatience()
    {
        if (Flows >= gather.Flows || !Tier.Pace.MayCome)
        {
            return TimeSpan.Zero;
        }

        var spare = (Left - Tier.Pace.Estimate(gather.Flows)) / 2;
        return spare < gather.Wait ? spare : gather.Wait;
    }

    /// <summary>Gathers nothing more.</summary>
    public void End() => gathered.TrySetResult();
}
