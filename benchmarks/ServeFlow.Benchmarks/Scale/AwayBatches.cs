using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Holds the batches of one packet thread, by the rules of <c>Serving/RemoteTiers/AwayFlows.cs</c>: as many may be away
/// as there are credits, one more gathers flows, and what waits past its deadline is answered by the tier before. Its
/// <see cref="BatchLimit"/> is that of sensors.
/// </summary>
sealed class AwayBatches
{
    /// <summary>Divides the deadline: this part of it later a batch that nobody completed is given up.</summary>
    const int GraceDivisor = 20;

    readonly EventQueue events;
    readonly SlowTier tier;
    readonly Tally tally;
    readonly Action<AwayBatches, SlowBatch> score;
    readonly SlowBatch[] batches;
    readonly BatchLimit limit;
    SlowBatch? filling;
    int away;

    /// <param name="score">Has a batch scored, and calls <see cref="Complete"/> some time later.</param>
    public AwayBatches(EventQueue events, SlowTier tier, Tally tally, Action<AwayBatches, SlowBatch> score)
    {
        (this.events, this.tier, this.tally, this.score) = (events, tier, tally, score);
        limit = new(Time(tier.Deadline));
        batches = [.. Enumerable.Range(0, tier.Credits + 1).Select(_ => new SlowBatch())];
    }

    /// <summary>Gets what is told of each batch whose call was given up at the deadline.</summary>
    public Action? Expired { get; init; }

    /// <summary>Takes flows that escalate now, and sends them if a credit is free.</summary>
    public void Add(int flows)
    {
        while (flows > 0 && FindRoom() is { } batch)
        {
            var taken = Math.Min(flows, limit.Flows - batch.Flows);
            batch.Flows += taken;
            batch.Joined.Add((events.Now, taken));
            flows -= taken;
        }

        tally.Finish(SlowOutcome.NoCredit, 0, flows);
        Ship();
    }

    /// <summary>Answers the flows of a batch, unless it has been given up.</summary>
    /// <param name="use">The use of the batch that was scored.</param>
    public void Complete(SlowBatch batch, int use, SlowOutcome outcome)
    {
        if (batch.Use != use)
        {
            return;
        }

        if (batch.State == BatchState.Sent)
        {
            Learn(batch, outcome);
            Answer(batch, outcome);
        }

        batch.State = BatchState.Free;
        batch.Use++;
        away--;
        Ship();
    }

    SlowBatch? FindRoom()
    {
        if (filling is not null && filling.Flows >= limit.Flows)
        {
            Ship();
        }

        if (filling is null && Array.Find(batches, batch => batch.State == BatchState.Free) is { } free)
        {
            Begin(free);
        }

        return filling is { } room && room.Flows < limit.Flows ? room : null;
    }

    void Begin(SlowBatch batch)
    {
        (batch.State, batch.Flows, batch.Began, filling) = (BatchState.Filling, 0, events.Now, batch);
        batch.Joined.Clear();
        var use = batch.Use;
        events.After(tier.Deadline, () => Expire(batch, use));
        events.After(tier.Deadline * (1 + (1.0 / GraceDivisor)), () => GiveUp(batch, use));
    }

    void Ship()
    {
        if (filling is not { Flows: > 0 } batch || away >= tier.Credits)
        {
            return;
        }

        (filling, batch.State) = (null, BatchState.Sent);
        away++;
        tally.SendBatch();
        score(this, batch);
    }

    /// <summary>Calls of workers are given up at the deadline.</summary>
    void Expire(SlowBatch batch, int use)
    {
        if (batch.Use == use && batch is { State: BatchState.Sent, IsLocal: false })
        {
            Expired?.Invoke();
            Complete(batch, use, SlowOutcome.Late);
        }
    }

    /// <summary>A batch that was never sent, or that a core of the sensor still computes, is given up later.</summary>
    void GiveUp(SlowBatch batch, int use)
    {
        if (batch.Use != use || batch.State is not (BatchState.Filling or BatchState.Sent))
        {
            return;
        }

        if (batch.State == BatchState.Sent)
        {
            Learn(batch, SlowOutcome.Late);
            Answer(batch, SlowOutcome.Late);
            batch.State = BatchState.GivenUp;
            return;
        }

        Answer(batch, SlowOutcome.NoCredit);
        batch.Use++;
        (batch.State, filling) = (BatchState.Free, null);
    }

    void Learn(SlowBatch batch, SlowOutcome outcome)
    {
        var told = outcome switch
        {
            SlowOutcome.Answered => RemoteOutcome.Answered,
            SlowOutcome.Late => RemoteOutcome.Late,
            _ => RemoteOutcome.Lost,
        };
        limit.Learn(batch.Flows, told, Time(batch.Began + tier.Deadline - events.Now));
    }

    static TimeSpan Time(double nanoseconds) => TimeSpan.FromMicroseconds(nanoseconds / 1e3);

    void Answer(SlowBatch batch, SlowOutcome outcome)
    {
        foreach (var (at, flows) in batch.Joined)
        {
            tally.Finish(outcome, events.Now - at, flows);
        }
    }
}
