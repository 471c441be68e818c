using ServeFlow.Sinks;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// The flows of one lane that wait for a remote tier, in batches. As many batches as there are credits may be away. One
/// more gathers flows meanwhile, so that batches become larger the longer the answers take. Its memory is taken at the
/// start, about a mebibyte a batch at ten packets.
/// </summary>
sealed class AwayFlows
{
    /// <summary>Divides the deadline: this part of it later a batch that nobody completed is given up.</summary>
    const int GraceDivisor = 20;

    readonly IRemoteTier tier;
    readonly AwayBatch[] batches;
    readonly TimeSpan grace;
    readonly BatchLimit limit;
    AwayBatch? filling;

    /// <param name="tier">What answers.</param>
    /// <param name="depth">Packets that it sees of a flow.</param>
    /// <param name="classes">Classes of an answer.</param>
    public AwayFlows(IRemoteTier tier, int depth, int classes)
    {
        this.tier = tier;
        grace = tier.Deadline / GraceDivisor;
        limit = new(tier.Deadline);
        batches = [.. Enumerable.Range(0, tier.Credits + 1)
            .Select(number => new AwayBatch(number, new(tier, depth, classes)))];
    }

    /// <summary>Gets the number of flows that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the end's record of a flow, by the flow's place among those of all batches.</summary>
    public ref FlowRecord End(int place) =>
        ref batches[place / RemoteBatch.Capacity].Ends[place % RemoteBatch.Capacity];

    /// <summary>Finds the batch that the next flow joins; null where there is no room for it.</summary>
    public AwayBatch? FindRoom()
    {
        if (IsFull)
        {
            Ship();
        }

        if (IsFull)
        {
            return null;
        }

        filling ??= Begin();
        Count += filling is null ? 0 : 1;
        return filling;
    }

    /// <summary>Sends what has gathered, if a credit is free.</summary>
    public void Ship()
    {
        if (filling is null || CountAway() >= tier.Credits)
        {
            return;
        }

        filling.State = AwayState.Sent;
        filling.Data.Send();
        filling = null;
    }

    /// <summary>Takes a batch whose flows wait no longer; to be let go of afterwards. Null where there is
    /// none.</summary>
    public AwayBatch? TakeDue(out RemoteOutcome outcome)
    {
        foreach (var batch in batches)
        {
            if (batch.State != AwayState.Free && IsDue(batch, out outcome))
            {
                limit.Learn(batch.Data.Count, outcome, batch.Data.Left);
                return batch;
            }
        }

        outcome = default;
        return null;
    }

    /// <summary>Lets go of a batch whose flows have been answered.</summary>
    public void Release(AwayBatch batch)
    {
        Count -= batch.Data.Count;
        if (batch.State == AwayState.Sent && !batch.Data.IsComplete(out _))
        {
            batch.State = AwayState.GivenUp;
            return;
        }

        filling = batch == filling ? null : filling;
        batch.State = AwayState.Free;
    }

    /// <summary>Gets whether the batch that gathers flows takes no more.</summary>
    bool IsFull => filling is not null && filling.Data.Count >= limit.Flows;

    bool IsDue(AwayBatch batch, out RemoteOutcome outcome)
    {
        var isComplete = batch.Data.IsComplete(out outcome);
        switch (batch.State)
        {
            case AwayState.GivenUp:
                batch.State = isComplete ? AwayState.Free : AwayState.GivenUp; // too late: the answers are dropped
                return false;
            case AwayState.Sent when isComplete:
                return true;
            default:
                outcome = batch.State == AwayState.Filling ? RemoteOutcome.NoCredit : RemoteOutcome.Late;
                return batch.Data.Left < -grace;
        }
    }

    AwayBatch? Begin()
    {
        var free = Array.Find(batches, batch => batch.State == AwayState.Free);
        if (free is not null)
        {
            free.State = AwayState.Filling;
            free.Data.Begin(tier.Deadline);
        }

        return free;
    }

    int CountAway()
    {
        var away = 0;
        foreach (var batch in batches)
        {
            away += batch.State is AwayState.Sent or AwayState.GivenUp ? 1 : 0;
        }

        return away;
    }
}
