using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class FlowTablePropertyTests
{
    static readonly byte[] flagSets = [Syn, Syn | Ack, Ack, Ack, Ack | Psh, Fin | Ack, Rst, Fin | Rst, 0];

    /// <summary>Times from within a tick of the wheel to past every timeout, and sometimes backwards.</summary>
    static readonly Gen<long> gaps = Gen.Frequency((6, Gen.Long[0, 3_000_000]), (6, Gen.Long[0, 5 * Second]),
        (2, Gen.Long[0, 30 * Second]), (1, Gen.Long[-20 * Second, 0]), (1, Gen.Long[0, 500 * Second]));

    /// <summary>Three hosts and few ports, so that tuples recur in both directions.</summary>
    static readonly Gen<(long Gap, PacketHeaders Headers)> packets = Gen.Select(gaps, Gen.Int[0, 5], Gen.Int[0, 1],
        Gen.Int[0, flagSets.Length - 1], Gen.Int[0, 3], (gap, pair, turned, flags, kind) =>
            (gap, Packet(pair, turned == 1, flagSets[flags], kind)));

    static readonly FlowOptions options = new()
    {
        TcpIdleTimeout = TimeSpan.FromSeconds(20),
        UdpIdleTimeout = TimeSpan.FromSeconds(6),
        ActiveTimeout = TimeSpan.FromSeconds(40),
    };

    static PacketHeaders Packet(int pair, bool turned, byte flags, int kind)
    {
        var (a, b) = ($"10.0.0.{1 + (pair % 3)}", $"10.0.0.{1 + ((pair + 1) % 3)}");
        var (port, other) = kind switch { 3 => (pair < 3 ? 8 : 3, 0), _ => (1000 + (pair / 3), 80) };
        var protocol = kind switch { 0 or 1 => Tcp, 2 => Udp, _ => (byte)1 };
        var payload = flags & Psh;
        return turned && kind != 3
            ? Headers(protocol, b, other, a, port, protocol == Tcp ? flags : (byte)0, payload)
            : Headers(protocol, turned ? b : a, turned && port == 8 ? 0 : port, turned ? a : b, other,
                protocol == Tcp ? flags : (byte)0, payload);
    }

    [Fact]
    public void Track_RandomPackets_EndsWhatTheReferenceEndsWhenItDoes() =>
        packets.Array[1, 150].Sample(script =>
        {
            var bench = new FlowTableHarness(options);
            var reference = new ReferenceTable(options);
            var time = 1000 * Second;
            for (var i = 0; i < script.Length; i++)
            {
                time += script[i].Gap;
                Assert.NotEqual(-1, bench.Table.Track(At(time, 60 + i), script[i].Headers, out _, out _));
                reference.Track(time, script[i].Headers, 60 + i);
                Assert.Equal(bench.Table.Created, bench.Table.Active + bench.Table.Ended.Total);
                Assert.InRange(bench.Table.Active - reference.Active, 0, bench.Table.Active);
            }

            bench.Table.EndAll(EndReason.ForcedEnd);
            reference.EndAll(EndReason.ForcedEnd);
            Assert.Equal(Sorted(reference.Ended), Sorted(bench.Ends.Select(Ended)));
            Assert.Equal(script.Length, bench.Table.Tracked);
            Assert.Equal(script.Length, bench.Ends.Sum(end => end.Flow.PacketsForward + end.Flow.PacketsBackward));
        }, iter: 200);

    static EndedFlow Ended(FlowEnd end) => new(end.Flow.Key, end.Flow.Source, end.Flow.SourcePort, end.Flow.FirstNs,
        end.Flow.LastNs, end.Flow.PacketsForward, end.Flow.PacketsBackward,
        end.Flow.BytesForward + end.Flow.BytesBackward, end.Flow.PayloadForward + end.Flow.PayloadBackward,
        end.Flow.IsContinuation, end.Reason, end.EndNs);

    static List<EndedFlow> Sorted(IEnumerable<EndedFlow> flows) =>
        [.. flows.OrderBy(flow => flow.FirstNs).ThenBy(flow => flow.EndNs).ThenBy(flow => flow.Key.LowPort)
        .ThenBy(flow => flow.Key.GetHashCode())];

    [Fact]
    public void Track_CandidatesFoundForAGroupBeforehand_EndsWhatTheyEndOneByOne() =>
        Gen.Select(packets.Array[1, 150], Gen.Int[1, 40], Gen.Int[2, 12]).Sample((script, group, most) =>
        {
            var small = options with { MaxFlows = most };
            Assert.Equal(ReplayInGroups(script, 1, small), ReplayInGroups(script, group, small));
        }, iter: 200);

    /// <summary>Looks for the flows of a whole group before the first packet is tracked: some have ended by the time of
    /// their packet's turn, and others stand in their places.</summary>
    static List<(FlowKey, EndReason, long)> ReplayInGroups((long Gap, PacketHeaders Headers)[] script, int group,
        FlowOptions options)
    {
        var bench = new FlowTableHarness(options);
        var time = 1000 * Second;
        foreach (var chunk in script.Chunk(group))
        {
            var keys = new HashedFlowKey[chunk.Length];
            for (var i = 0; i < chunk.Length; i++)
            {
                bench.Table.Prepare(chunk[i].Headers, out keys[i]);
                bench.Table.FindCandidate(ref keys[i]);
            }

            for (var i = 0; i < chunk.Length; i++)
            {
                time += chunk[i].Gap;
                var flow = bench.Table.Track(At(time), chunk[i].Headers, keys[i], out _, out _);
                Assert.Equal(keys[i].Key, bench.Table[flow].Key);
            }
        }

        bench.Table.EndAll(EndReason.ForcedEnd);
        return [.. bench.Ends.Select(end => (end.Flow.Key, end.Reason, end.EndNs))];
    }

    [Fact]
    public void Track_AnyHashSeed_GivesTheSameEndsInTheSameOrder() =>
        Gen.Select(packets.Array[1, 100], Gen.ULong).Sample((script, seed) =>
            Assert.Equal(Replay(script, 1), Replay(script, seed)), iter: 50);

    static List<(FlowKey, EndReason, long)> Replay((long Gap, PacketHeaders Headers)[] script, ulong seed)
    {
        var bench = new FlowTableHarness(options with { HashSeed = seed, MaxFlows = 4 });
        var time = 0L;
        foreach (var (gap, headers) in script)
        {
            bench.Table.Track(At(time += gap), headers, out _, out _);
        }

        bench.Table.EndAll(EndReason.ForcedEnd);
        return bench.Ends.ConvertAll(end => (end.Flow.Key, end.Reason, end.EndNs));
    }
}
