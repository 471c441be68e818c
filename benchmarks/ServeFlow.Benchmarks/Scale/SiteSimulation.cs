namespace ServeFlow.Benchmarks.Scale;

/// <summary>Simulates a site: its traffic, its sensors, the network and the pool of workers.</summary>
static class SiteSimulation
{
    /// <summary>Runs a site and returns what became of its flows. The same site gives the same figures.</summary>
    public static Tally Run(Site site)
    {
        var events = new EventQueue();
        var tally = new Tally(events, (long)(site.WarmUpSeconds * 1e9));
        PoolWorker[] workers = site.Slow is { } slow
            ? [.. Enumerable.Range(0, slow.Nodes).Select(_ => new PoolWorker(events, site.Machine, slow))]
            : [];
        for (var sensor = 0; sensor < site.Sensors; sensor++)
        {
            Start(site, events, tally, workers, (ulong)sensor);
        }

        events.RunUntil((long)((site.WarmUpSeconds + site.Seconds) * 1e9));
        return tally;
    }

    static void Start(Site site, EventQueue events, Tally tally, PoolWorker[] workers, ulong sensor)
    {
        var node = new SiteNode(site.Machine, events);
        var client = site.Slow is { } slow ? new PoolClient(events, slow, node, tally, workers) : null;
        var records = new RecordQueue(events, tally, site.SinkPerFlow, site.SinkQueue);
        for (var thread = 0; thread < site.Workers; thread++)
        {
            var numbers = new DrawnNumbers((site.Seed << 32) + (sensor << 8) + (ulong)thread);
            _ = new PacketThread(events, site, node, tally, records, client?.CreateBatches(), numbers);
        }
    }
}
