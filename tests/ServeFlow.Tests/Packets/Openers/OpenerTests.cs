using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

public sealed class OpenerTests
{
    [Fact]
    public void Decode_EveryFrame_FindsTheInnermostTuple()
    {
        var wrong = OpenerFrame.All.Select(frame => (frame, Decoded: Decoded.From(frame.Bytes, frame.LinkType)))
            .Where(entry => !entry.Decoded.IsDecoded || entry.Decoded.Tuple != OpenerFrame.Tuple ||
                entry.Decoded.Headers.PayloadLength != 2)
            .Select(entry => entry.Decoded.IsDecoded
                ? $"{entry.frame}: {entry.Decoded.Tuple}, {entry.Decoded.Headers.Oddities}"
                : $"{entry.frame}: {entry.Decoded.Why}");

        Assert.Empty(wrong);
    }

    [Fact]
    public void Table_EveryRow_HasAFrameThatItOpens()
    {
        var opened = OpenerFrame.All.Select(frame => (frame.Key, frame.Number))
            .Append((OpenerKey.LinkType, (int)LinkType.Ipv6)).ToHashSet(); // no frame holds IPv4 alone

        Assert.All(OpenerTable.Rows, row => Assert.Contains((row.Key, row.Number), opened));
    }

    [Fact]
    public void Table_EveryNumber_StandsOnce()
    {
        var twice = OpenerTable.Rows
            .GroupBy(row => (row.Key == OpenerKey.UdpEitherPort ? OpenerKey.UdpPort : row.Key, row.Number))
            .Where(group => group.Count() > 1).Select(group => group.Key);

        Assert.Empty(twice);
    }

    [Fact]
    public void Table_EveryLinkType_HasARow() =>
        Assert.Equal(Enum.GetValues<LinkType>().Select(type => (int)type).Order(),
            OpenerTable.Rows.Where(row => row.Key == OpenerKey.LinkType).Select(row => row.Number).Order());

    /// <summary>A header cut anywhere is a reason or the carrier's own packet, never a wrong one.</summary>
    [Fact]
    public void Decode_EveryFrameCutAnywhere_GivesAReasonOrTheCarrier()
    {
        foreach (var frame in OpenerFrame.All)
        {
            for (var length = 0; length < frame.Bytes.Length; length++)
            {
                var decoded = Decoded.From(frame.Bytes.AsSpan(0, length), frame.LinkType, frame.Bytes.Length);

                Assert.Equal(decoded.IsDecoded ? 0 : 1, decoded.Ignored.Total);
                Assert.True(!decoded.IsDecoded || decoded.Tuple == OpenerFrame.Tuple
                    || decoded.Headers.Source.ToString() is "192.0.2.1" or "2001:db8::1" or "2001:0:1::1",
                    $"{frame} cut to {length}: {decoded.Tuple}");
            }
        }
    }
}
