using CsCheck;

namespace ServeFlow.Tests.Serving;

/// <summary>Random packets of a few flows: UDP and TCP, both ways, with pauses, ARP between them.</summary>
static class RandomTraffic
{
    /// <summary>One packet: what it is, by numbers that shrink towards the simple.</summary>
    public readonly record struct Step(int Flow, int Payload, int Flags, bool Forward, int PauseMs);

    static readonly byte[] Arp = [.. new byte[12], 0x08, 0x06, .. new byte[28]];

    public static Gen<Step[]> Steps { get; } = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 7], Gen.Int[0, 63], Gen.Bool,
            Gen.Frequency((6, Gen.Int[0, 3]), (2, Gen.Int[0, 400]), (1, Gen.Int[0, 20_000])))
        .Select((flow, payload, flags, forward, pause) => new Step(flow, payload, flags, forward, pause))
        .Array[0, 120];

    public static MemorySource Source(Step[] steps, int burstSize)
    {
        var now = 0.0;
        return Source(steps, [.. steps.Select(step => now += step.PauseMs)], burstSize);
    }

    /// <param name="times">Milliseconds of each packet; pauses do not count.</param>
    public static MemorySource Source(Step[] steps, double[] times, int burstSize)
    {
        var source = new MemorySource(burstSize);
        foreach (var (step, milliseconds) in steps.Zip(times))
        {
            var client = $"10.0.0.{3 + (step.Flow % 5)}";
            switch (step.Flow)
            {
                case 12:
                    source.Add(milliseconds, Arp);
                    break;
                case < 7:
                    source.Udp(milliseconds, 1000 + step.Flow, step.Payload, step.Forward, client);
                    break;
                default:
                    source.Tcp(milliseconds, 1000 + step.Flow, (byte)step.Flags, step.Forward, client);
                    break;
            }
        }

        return source;
    }
}
