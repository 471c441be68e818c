namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Represents a packet thread of a sensor. It takes all flows that have come while it worked on those before, up to
/// a full batch, so that batches grow with the load. Packets of one flow count as one arrival.
/// </summary>
sealed class PacketThread
{
    const int RingPackets = 65_536;

    /// <summary>Divides the flows of one stretch into groups, each counted in the middle of its part.</summary>
    const int Groups = 4;

    readonly EventQueue events;
    readonly Site site;
    readonly SiteNode node;
    readonly Tally tally;
    readonly RecordQueue records;
    readonly AwayBatches? away;
    readonly DrawnNumbers numbers;
    readonly double flowsPerNs;
    readonly int room;

    /// <summary>Holds the stretches in which waiting flows came.</summary>
    readonly Queue<(double From, double To, int Flows)> stretches = new();

    int waiting;
    int takenOfFirst;
    long seen;

    public PacketThread(EventQueue events, Site site, SiteNode node, Tally tally, RecordQueue records,
        AwayBatches? away, DrawnNumbers numbers)
    {
        (this.events, this.site, this.node, this.tally) = (events, site, node, tally);
        (this.records, this.away, this.numbers) = (records, away, numbers);
        flowsPerNs = site.FlowsPerSecond / site.Sensors / site.Workers / 1e9;
        room = RingPackets / site.PacketsPerFlow;
        Rest();
    }

    /// <summary>Waits for the next flow.</summary>
    void Rest() => events.After(numbers.Gap(1 / flowsPerNs), () =>
    {
        Arrive(events.Now, 1);
        Begin();
    });

    void Arrive(double from, int flows)
    {
        tally.Arrive(flows);
        var taken = Math.Min(flows, room - waiting);
        tally.Drop(flows - taken);
        if (taken > 0)
        {
            stretches.Enqueue((from, events.Now, taken));
        }

        (waiting, seen) = (waiting + taken, events.Now);
    }

    void Begin()
    {
        var flows = Math.Min(waiting, SensorCosts.FullBatch);
        node.Run(site.Costs.Time(flows), flows, () => End(flows));
    }

    void End(int flows)
    {
        var escalated = away is null ? 0 : numbers.Share(flows, site.Slow!.Share);
        Answer(flows, 1 - (escalated / (double)flows));
        records.Add(flows);
        away?.Add(escalated);
        Arrive(seen, numbers.Count((events.Now - seen) * flowsPerNs));
        if (waiting > 0)
        {
            Begin();
        }
        else
        {
            Rest();
        }
    }

    /// <summary>Takes flows from the ring, the first ones first, and counts how long those waited that are answered
    /// here.</summary>
    /// <param name="answered">The share of them.</param>
    void Answer(int flows, double answered)
    {
        waiting -= flows;
        while (flows > 0)
        {
            var (from, to, count) = stretches.Peek();
            var taken = Math.Min(flows, count - takenOfFirst);
            for (var group = 0; group < Groups; group++)
            {
                var place = takenOfFirst + ((group + 0.5) / Groups * taken);
                tally.AnswerInSensor(events.Now - from - (place / count * (to - from)), answered * taken / Groups);
            }

            flows -= taken;
            takenOfFirst += taken;
            if (takenOfFirst == count)
            {
                stretches.Dequeue();
                takenOfFirst = 0;
            }
        }
    }
}
