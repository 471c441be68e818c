using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using Xunit;

namespace ServeFlow.Tests.Packets;

/// <summary>The short way through the decoder against the general one.</summary>
public sealed class PlainPacketTests
{
    static readonly byte[][] Seeds =
    [
        .. FrameSeeds.All,
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("2001:db8::1", "2001:db8::2", 6, Frame.Tcp(1, 2, options: new byte[12]))),
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("2001:db8::1", "2001:db8::2", 17, Frame.Udp(1, 2, new byte[9]))),
    ];

    static readonly Gen<(int At, byte Value)[]> Changes = Gen.Select(Gen.Int[0, 79], Gen.Byte).Array[0, 3];

    [Fact]
    public void TryDecode_AnyBytesOnEthernet_FindsWhatTheGeneralWayFinds() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, 80])), Changes)
            .Sample((seed, cut, changes) =>
            {
                var bytes = Seeds[seed].AsSpan(0, Math.Max(0, Seeds[seed].Length - cut)).ToArray();
                foreach (var (at, value) in changes.Where(change => change.At < bytes.Length))
                {
                    bytes[at] = value;
                }

                AssertSame(bytes, bytes.Length);
                AssertSame(bytes, bytes.Length + 1000);
            }, iter: 20_000);

    static unsafe void AssertSame(byte[] bytes, int originalLength)
    {
        fixed (byte* data = bytes)
        {
            var packet = new PacketSlot(data, bytes.Length, originalLength, 0, LinkType.Ethernet, 0, 1);
            var found = PacketDecoder.TryDecode(packet, out var headers, out var why);
            var general = PacketDecoder.TryDecodeAny(packet, out var expected, out var expectedWhy);

            Assert.Equal(general, found);
            Assert.Equal(expected, headers);
            Assert.True(general || expectedWhy == why);
        }
    }
}
