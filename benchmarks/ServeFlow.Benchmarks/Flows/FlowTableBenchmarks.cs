using BenchmarkDotNet.Attributes;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Benchmarks.Flows;

/// <summary>Counting a packet into its flow, in groups made ready beforehand as the worker does. The table holds more
/// than the caches do.</summary>
public class FlowTableBenchmarks
{
    const int Flows = 200_000;

    /// <summary>What the worker makes ready together.</summary>
    const int Group = 32;

    /// <summary>Longer than any timeout.</summary>
    const long GapNs = 7_200_000_000_000;

    readonly HashedFlowKey[] tickets = new HashedFlowKey[Group];
    FlowTable<NullListener> table = new(new(), default);
    PacketMemory memory = new();
    PacketSlot[] slots = [];
    PacketHeaders[] headers = [];
    long laterNs;

    [GlobalSetup]
    public void Setup()
    {
        memory = SyntheticLab.Traffic(Flows, 1);
        slots = SyntheticLab.Slots(memory);
        headers = new PacketHeaders[slots.Length];
        var ignored = new Tally<IgnoreReason>();
        for (var i = 0; i < slots.Length; i++)
        {
            PacketDecoder.TryDecode(slots[i], out headers[i], ignored);
        }
    }

    [IterationSetup(Target = nameof(Known))]
    public void Fill()
    {
        table = new(new(), default);
        Track(0);
    }

    /// <summary>Every packet's flow is there.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public int Known() => Track(0);

    /// <summary>Every packet begins a flow, and ends one whose time is over.</summary>
    [Benchmark(OperationsPerInvoke = Flows)]
    public int NewAndEnded() => Track(laterNs += GapNs);

    int Track(long later)
    {
        var found = 0;
        for (var first = 0; first < slots.Length; first += Group)
        {
            found += TrackGroup(first, Math.Min(Group, slots.Length - first), later);
        }

        GC.KeepAlive(memory);
        return found;
    }

    int TrackGroup(int first, int count, long later)
    {
        for (var i = 0; i < count; i++)
        {
            table.Prepare(headers[first + i], out tickets[i]);
        }

        for (var i = 0; i < count; i++)
        {
            table.FindCandidate(ref tickets[i]);
        }

        var found = 0;
        for (var i = 0; i < count; i++)
        {
            ref readonly var packet = ref headers[first + i];
            found += table.Track(slots[first + i].Delay(later), packet, tickets[i], out _, out _) >= 0 ? 1 : 0;
        }

        return found;
    }

    /// <summary>Takes the ends of flows, and does nothing.</summary>
    readonly struct NullListener : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
        }

        public void Turning(int index, ref Flow flow)
        {
        }
    }
}
