using ServeFlow.Packets;
using ServeFlow.Packets.Filters;
using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>An expression means the same on a link as on a file.</summary>
public sealed class LiveFilterTests
{
    static readonly byte[] last = Frame.Ethernet(0x88b5, new byte[46]);

    static readonly byte[][] frames =
    [
        .. FrameSeeds.All,
        .. FrameSeeds.All.Select(frame => Frame.Ethernet(0x8100, [0, 7, .. frame.AsSpan(12)])),
        .. FrameSeeds.All.Select(frame => Frame.Ethernet(0x88a8, [0, 9, .. frame.AsSpan(12)])),
    ];

    public static MatrixTheoryData<string, bool> Cases { get; } = new(
        ["tcp or udp", "vlan and tcp", "vlan 7",
            "not vlan", "udp port 53 or (vlan and vlan and ip)", "greater 90"],
        [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Poll_Filter_HandsOverWhatTheFileFilterDoes(string filter, bool lowLatency)
    {
        PcapOracle.RequireLibrary();
        using var pair = VethPair.Create();
        using var source = pair.Open(new()
        {
            Interfaces = [VethPair.Far],
            RingBytes = 1 << 20,
            LowLatency = lowLatency,
            Filter = $"ether proto 0x88b5 or ({filter})",
        })[0];
        using var sender = pair.OpenSender();
        var expected = frames.Where(frame => Matches(PacketFilter.Compile(filter), frame)).Append(last).ToArray();

        sender.Send([.. frames, last]);
        var packets = source.Read(expected.Length);

        Assert.Equal(expected, packets.Select(packet => packet.Bytes));
        Assert.Equal(new CaptureCounters(expected.Length, 0, 0), source.ReadCounters(0));
    }

    static unsafe bool Matches(PacketFilter filter, byte[] frame)
    {
        fixed (byte* bytes = frame)
        {
            return filter.Matches(new(bytes, frame.Length, frame.Length, 0, LinkType.Ethernet, 0, 1));
        }
    }
}
