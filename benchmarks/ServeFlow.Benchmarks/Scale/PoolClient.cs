namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Represents a sensor's side of the pool, by the rules of <c>ServeFlow.Cluster</c>: a batch goes to a core of the
/// sensor while one is free for it, else to the worker with the fewest batches of this sensor, leaving out those that
/// had no room within the last second. What a worker sends back is tried again while the time allows.
/// </summary>
sealed class PoolClient
{
    const double FirstPause = 5e6;
    const long Rest = 1_000_000_000;

    /// <summary>A pool that is late so often in a row fails: then each batch is tried once.</summary>
    const int LateInARow = 3;

    readonly EventQueue events;
    readonly SlowTier tier;
    readonly SiteNode node;
    readonly Tally tally;
    readonly PoolWorker[] workers;
    readonly int[] inFlight;
    readonly long[] restsUntil;
    int free;
    int turn;
    int late;

    public PoolClient(EventQueue events, SlowTier tier, SiteNode node, Tally tally, PoolWorker[] workers)
    {
        (this.events, this.tier, this.node, this.tally, this.workers) = (events, tier, node, tally, workers);
        (inFlight, restsUntil, free) = (new int[workers.Length], new long[workers.Length], tier.Local);
    }

    /// <summary>Creates the batches of a packet thread of this sensor.</summary>
    public AwayBatches CreateBatches() => new(events, tier, tally, Score) { Expired = () => late++ };

    void Score(AwayBatches owner, SlowBatch batch)
    {
        var use = batch.Use;
        batch.IsLocal = free > 0;
        if (batch.IsLocal)
        {
            free--;
            node.Run(batch.Flows * tier.PerFlow, 0, () =>
            {
                free++;
                owner.Complete(batch, use, SlowOutcome.Answered);
            });
            return;
        }

        (batch.MayRetry, batch.Pause) = (late < LateInARow, FirstPause);
        Ask(owner, batch, use);
    }

    void Ask(AwayBatches owner, SlowBatch batch, int use)
    {
        if (batch.Use != use)
        {
            return;
        }

        if (Left(batch) <= 0)
        {
            Fail(owner, batch, use, SlowOutcome.Late);
            return;
        }

        var (flows, chosen, due) = (batch.Flows, Choose(), batch.Began + tier.Deadline);
        inFlight[chosen]++;
        node.Run(tier.Call + (flows * tier.Transport), 0, () =>
        {
            tally.Send(flows * tier.BytesOut);
            node.Send(workers[chosen].Node, flows * tier.BytesOut, tier, () => workers[chosen].Receive(flows,
                due - events.Now, answer => Reply(owner, batch, use, chosen, flows, answer)));
        });
    }

    void Reply(AwayBatches owner, SlowBatch batch, int use, int worker, int flows, WorkerAnswer answer)
    {
        var bytes = answer == WorkerAnswer.Scored ? flows * tier.BytesBack : 0;
        tally.Send(bytes);
        workers[worker].Node.Send(node, bytes, tier, () => Take(owner, batch, use, worker, answer));
    }

    void Take(AwayBatches owner, SlowBatch batch, int use, int worker, WorkerAnswer answer)
    {
        inFlight[worker]--;
        restsUntil[worker] = answer == WorkerAnswer.Busy ? events.Now + Rest : restsUntil[worker];
        if (batch.Use != use)
        {
            return; // its flows have been answered without
        }

        if (answer == WorkerAnswer.Scored)
        {
            late = 0;
            owner.Complete(batch, use, SlowOutcome.Answered);
        }
        else if (batch.MayRetry && Left(batch) > batch.Pause)
        {
            events.After(batch.Pause, () => Ask(owner, batch, use));
            batch.Pause *= 2;
        }
        else
        {
            late = LateInARow;
            Fail(owner, batch, use, SlowOutcome.Lost);
        }
    }

    void Fail(AwayBatches owner, SlowBatch batch, int use, SlowOutcome outcome)
    {
        late += outcome == SlowOutcome.Late ? 1 : 0;
        owner.Complete(batch, use, outcome);
    }

    double Left(SlowBatch batch) => batch.Began + tier.Deadline - events.Now;

    int Choose()
    {
        var (first, best) = (++turn, -1);
        for (var i = 0; i < workers.Length; i++)
        {
            var worker = (first + i) % workers.Length;
            best = best < 0 || Rank(worker).CompareTo(Rank(best)) < 0 ? worker : best;
        }

        return best;
    }

    (bool, int) Rank(int worker) => (restsUntil[worker] > events.Now, inFlight[worker]);
}
