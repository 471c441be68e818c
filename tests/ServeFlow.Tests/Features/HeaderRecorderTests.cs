using ServeFlow.Features;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class HeaderRecorderTests
{
    /// <summary>14 bytes of Ethernet, then whatever the header offsets below say: byte i holds i.</summary>
    static readonly byte[] Frame = [.. Enumerable.Range(0, 120).Select(i => (byte)i)];

    [Fact]
    public void Record_Ipv4Tcp_CopiesBothHeadersToTheirPlaces()
    {
        var record = Record(Headers(4, 6, 24, 32), Frame);

        Assert.Equal((24, 0, 32, 0, 0), Lengths(record));
        Assert.Equal(Frame[14..38], Bits(record, HeaderRecord.Ipv4Offset, 24));
        Assert.Equal(Frame[38..70], Bits(record, HeaderRecord.TcpOffset, 32));
        Assert.Equal(176 - 24 - 32, Bits(record, 0, 176).Count(b => b == 0));
    }

    [Fact]
    public void Record_Ipv6UdpAndIcmp_GoToTheirOwnPlaces()
    {
        Assert.Equal((0, 40, 0, 8, 0), Lengths(Record(Headers(6, 17, 40, 8), Frame)));
        Assert.Equal((0, 40, 0, 0, 8), Lengths(Record(Headers(6, 58, 40, 8), Frame)));
        Assert.Equal((20, 0, 0, 0, 8), Lengths(Record(Headers(4, 1, 20, 8), Frame)));
    }

    [Fact]
    public void Record_CapturedBytesEndInsideTcp_RestIsAbsent() =>
        Assert.Equal((20, 0, 5, 0, 0), Lengths(Record(Headers(4, 6, 20, 32), Frame[..39])));

    [Fact]
    public void Record_NoTransport_OnlyTheNetworkHeader()
    {
        var headers = Headers(4, 6, 20, 0);
        headers.TransportOffset = 0;

        Assert.Equal((20, 0, 0, 0, 0), Lengths(Record(headers, Frame)));
    }

    [Fact]
    public void Record_TimesAndSize_SaturateAndNeverRunBackwards()
    {
        var headers = Headers(4, 6, 20, 20);
        headers.IpLength = 70_000;

        var late = Record(headers, Frame, at: long.MaxValue / 2, first: 0, previous: 5_000_999);
        var early = Record(headers, Frame, at: 1_000, first: 2_000, previous: 2_000);
        var next = Record(headers, Frame, at: 9_999, first: 1_000, previous: 8_000);

        Assert.Equal((ushort.MaxValue, uint.MaxValue, uint.MaxValue),
            (late.Size, late.SinceFirstMicroseconds, late.InterArrivalMicroseconds));
        Assert.Equal((0u, 0u), (early.SinceFirstMicroseconds, early.InterArrivalMicroseconds));
        Assert.Equal((8u, 1u), (next.SinceFirstMicroseconds, next.InterArrivalMicroseconds));
    }

    static PacketHeaders Headers(byte version, byte protocol, int network, int transport) => new()
    {
        IpVersion = version,
        Protocol = protocol,
        NetworkOffset = 14,
        NetworkLength = network,
        TransportOffset = 14 + network,
        TransportLength = transport,
    };

    static unsafe HeaderRecord Record(PacketHeaders headers, byte[] frame, long at = 0, long first = 0,
        long previous = 0)
    {
        fixed (byte* data = frame)
        {
            var slot = new PacketSlot(data, frame.Length, frame.Length, at, LinkType.Ethernet, 0, 1);
            HeaderRecorder.Record(slot, headers, true, first, previous, out var record);
            return record;
        }
    }

    static (int, int, int, int, int) Lengths(in HeaderRecord record) =>
        (record.Ipv4Length, record.Ipv6Length, record.TcpLength, record.UdpLength, record.IcmpLength);

    static byte[] Bits(in HeaderRecord record, int offset, int length) =>
        ((ReadOnlySpan<byte>)record.Bits).Slice(offset, length).ToArray();
}
