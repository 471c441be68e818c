using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class LaneChoiceTests
{
    /// <summary>The hash that draws a canary's flows takes in all that names their ends, and nothing else.</summary>
    [Fact]
    public void Hash_KeysThatDifferInOneField_DifferUnlessItIsTheVlan()
    {
        var keys = new[]
        {
            Key("10.0.0.1", 1000, "10.0.0.2", 53, 17), Key("10.0.0.3", 1000, "10.0.0.2", 53, 17),
            Key("10.0.0.1", 1001, "10.0.0.2", 53, 17), Key("10.0.0.1", 1000, "10.0.0.4", 53, 17),
            Key("10.0.0.1", 1000, "10.0.0.2", 54, 17), Key("10.0.0.1", 1000, "10.0.0.2", 53, 6),
            Key("2001:db8::1", 1000, "2001:db8::2", 53, 17), Key("2001:db9::1", 1000, "2001:db8::2", 53, 17),
            Key("2001:db8::1", 1000, "2001:db9::2", 53, 17),
        };

        Assert.Equal(keys.Length, keys.Select(key => LaneChoice.Hash(key)).Distinct().Count());
        Assert.Equal(LaneChoice.Hash(keys[0]), LaneChoice.Hash(Key("10.0.0.1", 1000, "10.0.0.2", 53, 17, vlan: 7)));
        Assert.Equal(LaneChoice.Hash(keys[0]), LaneChoice.Hash(Key("10.0.0.2", 53, "10.0.0.1", 1000, 17)));
    }

    static FlowKey Key(string address, ushort port, string other, ushort otherPort, byte protocol, ushort vlan = 0)
    {
        Assert.True(IpAddress.TryParse(address, out var first) & IpAddress.TryParse(other, out var second));
        return FlowKey.Between(first, port, second, otherPort, vlan, protocol, (byte)(first.IsIpv4 ? 4 : 6), out _);
    }
}
