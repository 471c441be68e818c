using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class OddityTallyTests
{
    [Fact]
    public void Count_SeveralFlags_CountsEach()
    {
        var tally = new OddityTally();
        tally.Count(PacketOddities.TrailingBytes | PacketOddities.BadUdpLength);
        tally.Count(PacketOddities.TrailingBytes);
        tally.Count(PacketOddities.None);

        Assert.Equal([(PacketOddities.TrailingBytes, 2L), (PacketOddities.BadUdpLength, 1L)], tally.NonZero());
    }

    [Fact]
    public void Add_AnotherTally_SumsEach()
    {
        var tally = new OddityTally();
        tally.Count(PacketOddities.ZeroIpLength);
        tally.Add(tally);

        Assert.Equal(2, tally[PacketOddities.ZeroIpLength]);
    }

    [Fact]
    public void Named_TunnelsThatStayedShut_AreCountedByPortOrProtocol()
    {
        var tally = new OddityTally();
        tally.Count(new PacketHeaders { Oddities = PacketOddities.TunnelNotOpened, Protocol = 17, ShutPort = 4789 });
        tally.Count(new PacketHeaders { Oddities = PacketOddities.TunnelNotOpened, Protocol = 47 });
        tally.Count(new PacketHeaders { Oddities = PacketOddities.TrailingBytes });
        tally.Add(tally);

        Assert.Equal(
            [
                ("trailing_bytes", 2L), ("tunnel_not_opened{protocol=47}", 2L), ("tunnel_not_opened{port=4789}", 2L),
            ],
            tally.Named());
    }
}
