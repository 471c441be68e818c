using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Training.Datasets.Labels;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

public sealed class LabelKeysTests
{
    static readonly IpAddress A = IpAddress.FromIpv4(0x0a000001);
    static readonly IpAddress B = IpAddress.FromIpv4(0x0a000002);

    static Flow FlowOf(byte protocol, ushort sourcePort, ushort destinationPort, ushort vlan) => new()
    {
        Key = new(A, B, sourcePort, destinationPort, vlan, protocol, 4),
        ForwardIsLow = true,
    };

    [Theory]
    [InlineData(6, 1000, 443)]
    [InlineData(17, 1000, 53)]
    public void Create_TaggedFlow_MeetsItsRowByPorts(byte protocol, ushort sourcePort, ushort destinationPort)
    {
        var flow = LabelKeys.Create(FlowOf(protocol, sourcePort, destinationPort, vlan: 100));

        Assert.Equal(LabelKeys.Create(B, destinationPort, A, sourcePort, protocol), flow);
        Assert.NotEqual(LabelKeys.Create(B, destinationPort, A, 1001, protocol), flow);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(58)]
    [InlineData(132)]
    public void Create_FlowWithoutPorts_MeetsItsRowByAddresses(byte protocol) =>
        Assert.Equal(LabelKeys.Create(B, 0, A, 0, protocol), LabelKeys.Create(FlowOf(protocol, 8, 0, vlan: 0)));

    [Fact]
    public void Icmp_RowWithType_TakesNoFlowOfAnother()
    {
        var echo = FlowOf(1, 8, 0, vlan: 0);
        var unreachable = FlowOf(1, 3, 1, vlan: 0);

        Assert.True(new IcmpKind(8, 0).Matches(echo));
        Assert.False(new IcmpKind(8, 0).Matches(unreachable));
    }

    /// <summary>Rows of the reply's direction have the ports the other way round.</summary>
    [Fact]
    public void Icmp_RowOfTheOtherDirection_TakesTheFlowToo()
    {
        Assert.True(new IcmpKind(0, 8).Matches(FlowOf(1, 8, 0, vlan: 0)));
        Assert.True(new IcmpKind(1, 3).Matches(FlowOf(1, 3, 1, vlan: 0)));
    }
}
