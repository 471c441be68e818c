using ServeFlow.Flows;

namespace ServeFlow.Tests.Flows;

/// <summary>What a listener was told of one end.</summary>
sealed record FlowEnd(Flow Flow, EndReason Reason, long EndNs);

/// <summary>Keeps every end; exchanged sides show in the flows themselves.</summary>
readonly struct EndLog(List<FlowEnd> ends) : IFlowListener
{
    public void Ended(int index, ref Flow flow, EndReason reason, long nowNs) => ends.Add(new(flow, reason, nowNs));

    public void Turning(int index, ref Flow flow)
    {
    }
}

/// <summary>A flow table with short names for what tests do to it.</summary>
sealed class FlowTableHarness
{
    public List<FlowEnd> Ends { get; } = [];

    public FlowTable<EndLog> Table { get; }

    public FlowTableHarness(FlowOptions? options = null) => Table = new(options ?? new() { HashSeed = 1 }, new(Ends));

    /// <summary>Tracks a packet at a time in seconds; returns its flow.</summary>
    public int Track(double seconds, in ServeFlow.Packets.PacketHeaders headers) =>
        Track(seconds, headers, out _, out _);

    public int Track(double seconds, in ServeFlow.Packets.PacketHeaders headers, out bool forward, out bool isNew) =>
        Table.Track(PacketMaker.At((long)(seconds * PacketMaker.Second)), headers, out forward, out isNew);
}
