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
}
