using BenchmarkDotNet.Attributes;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Benchmarks.Packets;

/// <summary>Finding a packet's headers in place.</summary>
public class DecodeBenchmarks
{
    const int Packets = 10_000;

    readonly Tally<IgnoreReason> ignored = new();
    PacketMemory memory = new();
    PacketSlot[] slots = [];

    [GlobalSetup]
    public void Setup()
    {
        memory = SyntheticLab.Traffic(Packets / 10, 10);
        slots = SyntheticLab.Slots(memory);
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public int Decode()
    {
        var decoded = 0;
        foreach (ref readonly var slot in slots.AsSpan())
        {
            decoded += PacketDecoder.TryDecode(slot, out _, ignored) ? 1 : 0;
        }

        GC.KeepAlive(memory);
        return decoded;
    }
}
