using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Flows;

public sealed class FlowHashTests
{
    const int Keys = 1 << 16;

    static FlowKey Sequential(int i) => new(IpAddress.FromIpv4(0x0a00_0000u + (uint)(i >> 4)),
        IpAddress.FromIpv4(0xc0a8_0001), (ushort)(1024 + (i & 15)), 443, 0, 6, 4);

    [Theory]
    [InlineData(1UL)]
    [InlineData(0UL)]
    [InlineData(ulong.MaxValue)]
    public void Of_SequentialAddressesAndPorts_SpreadsAsRandomNumbersWould(ulong seed)
    {
        var hash = new FlowHash(seed);
        var buckets = new int[Keys];
        var bitCounts = new int[64];
        for (var i = 0; i < Keys; i++)
        {
            var value = hash.Compute(Sequential(i));
            buckets[(int)(value >> 32) & (Keys - 1)]++;
            for (var bit = 0; bit < 64; bit++)
            {
                bitCounts[bit] += (int)(value >> bit) & 1;
            }
        }

        // 65,536 balls in as many bins: 36.8 % stay empty, and more than 12 in one is a one-in-a-hundred-thousand
        // event.
        Assert.InRange(buckets.Count(n => n == 0) / (double)Keys, 0.36, 0.376);
        Assert.InRange(buckets.Max(), 5, 12);
        Assert.All(bitCounts, ones => Assert.InRange(ones / (double)Keys, 0.49, 0.51));
    }

    [Fact]
    public void Of_AnyFieldChanged_Changes()
    {
        var hash = new FlowHash(7);
        var key = Sequential(5);
        FlowKey[] others =
        [
            key with { LowAddress = key.HighAddress }, key with { HighAddress = key.LowAddress },
            key with { LowAddress = key.HighAddress, HighAddress = key.LowAddress }, key with { LowPort = 443 },
            key with { HighPort = 80 }, key with { Vlan = 1 }, key with { Protocol = 17 }, key with { IpVersion = 6 },
        ];

        Assert.DoesNotContain(hash.Compute(key), others.Select(other => hash.Compute(other)));
    }

    [Fact]
    public void Of_NoSeed_DiffersFromTableToTable() =>
        Assert.NotEqual(new FlowHash(null).Compute(Sequential(1)), new FlowHash(null).Compute(Sequential(1)));
}
