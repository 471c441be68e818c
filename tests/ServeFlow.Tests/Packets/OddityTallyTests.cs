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

    /// <summary>Metrics add up what workers count while they go on.</summary>
    [Fact]
    public async Task Add_WhileKindsOfTunnelsAppear_NeitherThrowsNorMakesUpKinds()
    {
        for (var round = 0; round < 100; round++)
        {
            var tally = new OddityTally();
            var counting = Task.Run(() => CountPorts(tally), TestContext.Current.CancellationToken);
            OddityTally sum;
            do
            {
                sum = new();
                sum.Add(tally);
                Assert.All(sum.Named(), entry => Assert.Equal(1, entry.Count));
            }
            while (!counting.IsCompleted);
            await counting;
        }

        static void CountPorts(OddityTally tally)
        {
            for (ushort port = 1; port <= 1000; port++)
            {
                tally.Count(new PacketHeaders { Oddities = PacketOddities.TunnelNotOpened, ShutPort = port });
            }
        }
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
