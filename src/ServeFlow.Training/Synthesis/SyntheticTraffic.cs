using ServeFlow.Packets;

namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Synthetic packets in memory, to measure with: the traffic of <see cref="SyntheticSet"/>, but every flow has the
/// same number of packets. The same options give the same packets.
/// </summary>
public sealed record SyntheticTraffic
{
    /// <summary>A site runs out of client ports at some hundred thousand flows, so that many share the work.</summary>
    const int FlowsPerSite = 100_000;

    /// <summary>The most flows there can be, by the sites' addresses.</summary>
    public const int MaxFlows = FlowsPerSite * Site.MaxNumber;

    public required int Flows { get; init; }

    public required int PacketsPerFlow { get; init; }

    /// <summary>New flows a second of capture time: it says how many are open at once.</summary>
    public required double Rate { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Makes the packets, in time order.</summary>
    /// <param name="progress">Told the share of flows that have begun.</param>
    public PacketMemory Generate(IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        var memory = new PacketMemory();
        var playback = new Playback(new(new((ulong)Seed, 0, 2)), new MemoryOutput(memory));
        var sites = Enumerable.Range(1, 1 + ((Flows - 1) / FlowsPerSite))
            .Select(number => new Site(number, Seed, ServiceCatalog.All)).ToArray();
        for (var flow = 0; flow < Flows; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            var arrival = Site.FirstMicroseconds + (long)(flow * 1e6 / Rate);
            playback.PlayUntil(arrival);
            var (conversation, _) = sites[flow % sites.Length].BeginFlow(arrival);
            conversation.HoldFor(PacketsPerFlow);
            playback.Begin(conversation);
            if (flow % 1024 == 0)
            {
                progress?.Report((double)flow / Flows);
            }
        }

        playback.PlayAll();
        return memory;
    }

    sealed class MemoryOutput(PacketMemory memory) : IFrameOutput
    {
        public void Write(long microseconds, FrameWriter frame) =>
            memory.Add(frame.Captured, frame.Length, microseconds * 1000, LinkType.Ethernet);
    }
}
