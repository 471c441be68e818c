namespace ServeFlow.Benchmarks.Scale;

/// <summary>Names what a worker says of a batch.</summary>
enum WorkerAnswer
{
    Scored,
    Late,
    Busy,
}

/// <summary>
/// Represents a worker of the cluster, by the rules of <c>ServeFlow.Cluster/WorkerTiers.cs</c>: as many batches are
/// scored at a time as it has threads, eight wait for each, and the next one is sent back.
/// </summary>
sealed class PoolWorker(EventQueue events, Machine machine, SlowTier tier)
{
    const int WaitingPerThread = 8;

    readonly Queue<(long Arrived, double Left, int Flows, Action<WorkerAnswer> Reply)> waiting = new();
    int scoring;

    public SiteNode Node { get; } = new(machine, events);

    /// <summary>Takes a batch that has arrived.</summary>
    /// <param name="left">Nanoseconds until nobody waits for it any more.</param>
    /// <param name="reply">Is told once what became of it.</param>
    public void Receive(int flows, double left, Action<WorkerAnswer> reply)
    {
        if (scoring + waiting.Count >= machine.Threads * (1 + WaitingPerThread))
        {
            reply(WorkerAnswer.Busy);
            return;
        }

        waiting.Enqueue((events.Now, left, flows, reply));
        Begin();
    }

    void Begin()
    {
        while (scoring < machine.Threads && waiting.TryDequeue(out var batch))
        {
            if (events.Now - batch.Arrived >= batch.Left)
            {
                batch.Reply(WorkerAnswer.Late);
                continue;
            }

            scoring++;
            Node.Run(tier.Call + (batch.Flows * (tier.PerFlow + tier.Transport)), 0, () =>
            {
                scoring--;
                batch.Reply(WorkerAnswer.Scored);
                Begin();
            });
        }
    }
}
