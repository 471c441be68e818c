using System.Buffers.Binary;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Tests.Flows;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>Whatever packets say, the table neither throws nor exceeds its limit nor loses count.</summary>
public sealed class FlowTableFuzzTests
{
    const int PacketBytes = 24;
    const int MaxFlows = 8;

    /// <summary>What a fuzzer calls: each 24 bytes are a packet's time and the fields that flow rules read.</summary>
    internal static void Target(ReadOnlySpan<byte> data)
    {
        var ends = new List<FlowEnd>();
        var table = new FlowTable<EndLog>(new() { MaxFlows = MaxFlows, VlanInKey = true, HashSeed = 1 }, new(ends));
        var packets = 0;
        for (; data.Length >= PacketBytes; data = data[PacketBytes..], packets++)
        {
            var time = BinaryPrimitives.ReadInt64BigEndian(data);
            var flow = table.Track(PacketMaker.At(time, data[8] << 4), Headers(data[8..]), out _, out _);
            Assert.InRange(flow, -1, MaxFlows - 1);
            Assert.InRange(table.Active, 0, MaxFlows);
            Assert.Equal(table.Created, table.Active + table.Ended.Total);
        }

        table.EndAll(EndReason.ForcedEnd);
        Assert.Equal(packets, table.Tracked + table.Untracked.Total);
        Assert.Equal(table.Tracked, ends.Sum(end => end.Flow.PacketsForward + end.Flow.PacketsBackward));
        Assert.All(ends, end => Assert.True(end.Flow.FirstNs <= end.Flow.LastNs && end.Flow.LastNs <= end.EndNs));
    }

    static PacketHeaders Headers(ReadOnlySpan<byte> data) => new()
    {
        Protocol = data[1],
        IpVersion = (byte)(4 + (data[2] & 2)),
        Fragment = (data[2] & 0xf0) == 0xf0 ? FragmentKind.Later : FragmentKind.None,
        Source = IpAddress.FromIpv4(data[3]),
        Destination = new(data[4], data[5]),
        SourcePort = data[6],
        DestinationPort = data[7],
        TcpFlags = data[8],
        Vlan = (ushort)(data[9] & 1),
        Tunnel = (TunnelKind)(data[10] % Enum.GetValues<TunnelKind>().Length),
        TransportLength = data[11] & 0x1f,
        IpLength = BinaryPrimitives.ReadInt16BigEndian(data[12..]),
        PayloadLength = BinaryPrimitives.ReadInt16BigEndian(data[14..]),
    };

    [Fact]
    public void Target_RandomAndMutatedPackets_KeepsItsPromises()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var data = new byte[PacketBytes * random.Next(1, 60)];
            random.NextBytes(data);
            Calm(data, random);
            Target(data);
        }
    }

    /// <summary>Makes most packets look like each other, so that they meet in flows and times come close.</summary>
    static void Calm(Span<byte> data, Random random)
    {
        for (var at = 0; at < data.Length; at += PacketBytes)
        {
            if (random.Next(10) > 0)
            {
                data.Slice(at, 3).Clear();
                data[at + 9] = random.Next(3) switch { 0 => 1, 1 => 6, _ => 17 };
                data.Slice(at + 11, 3).Clear();
                data[at + 14] &= 3;
                data[at + 15] &= 1;
            }
        }
    }
}
