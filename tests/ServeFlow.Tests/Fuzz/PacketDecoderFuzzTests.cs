using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Tests.Packets;
using ServeFlow.Tests.Packets.Openers;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>
/// Whatever a packet holds, decoding it does not throw (so it reads nothing outside, as it reads through spans of the
/// packet's exact length), counts one reason where it gives up, and names only places inside the packet.
/// </summary>
public sealed class PacketDecoderFuzzTests
{
    static void Target(ReadOnlySpan<byte> bytes)
    {
        foreach (var linkType in Enum.GetValues<LinkType>())
        {
            Target(bytes, linkType);
        }
    }

    static void Target(ReadOnlySpan<byte> bytes, LinkType linkType)
    {
        var decoded = Decoded.From(bytes, linkType);
        Assert.Equal(decoded.IsDecoded ? 0 : 1, decoded.Ignored.Total);
        if (decoded.IsDecoded)
        {
            CheckOffsets(decoded.Headers, bytes.Length);
        }
    }

    static void CheckOffsets(in PacketHeaders headers, int length)
    {
        Assert.InRange(headers.NetworkLength, 20, 60);
        Assert.InRange(headers.NetworkOffset, 0, length - headers.NetworkLength);
        Assert.InRange(headers.TransportOffset, 0, length);
        Assert.InRange(headers.TransportLength, 0, length - headers.TransportOffset);
        Assert.InRange(headers.PayloadLength, 0, headers.IpLength);
        Assert.InRange(headers.TunnelDepth, 0, 4);
        Assert.True(headers.TransportOffset == 0 ||
                    headers.TransportOffset >= headers.NetworkOffset + headers.NetworkLength);
        Assert.True(headers.TransportOffset > 0 || headers.TransportLength == 0);
        Assert.Equal(headers.TunnelDepth > 0, headers.Tunnel != TunnelKind.None);
    }

    [Fact]
    public void Decode_SeedsAndAllTheirPrefixes_HoldsItsPromises()
    {
        foreach (var seed in FrameSeeds.All)
        {
            for (var length = 0; length <= seed.Length; length++)
            {
                Target(seed.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void Decode_MutatedSeeds_HoldsItsPromises() =>
        Mutations.From(FrameSeeds.All).Sample(bytes => Target(bytes), iter: 3_000);

    [Fact]
    public void Decode_MutatedFramesOfEveryOpener_HoldsItsPromises()
    {
        foreach (var frames in OpenerFrame.All.GroupBy(frame => frame.LinkType))
        {
            Mutations.From([.. frames.Select(frame => frame.Bytes)]).Sample(bytes => Target(bytes, frames.Key),
                iter: frames.Key == LinkType.Ethernet ? 30_000 : 300);
        }
    }

    [Fact]
    public void Decode_RandomBytes_HoldsItsPromises() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Target(bytes), iter: 2_000);
}
