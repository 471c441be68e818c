using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Training.Tests.Synthesis;

public sealed class SyntheticTrafficTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(40)]
    public void Make_AnyLength_EveryFlowHasSoManyPacketsInTimeOrder(int packetsPerFlow)
    {
        var traffic = new SyntheticTraffic { Flows = 500, PacketsPerFlow = packetsPerFlow, Rate = 1000 };
        var (flows, last) = (new Dictionary<FlowKey, int>(), 0L);

        using var source = traffic.Generate(cancel: TestContext.Current.CancellationToken).Open();
        for (var burst = new PacketBurst(); source.Poll(burst);)
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Assert.True(PacketDecoder.TryDecode(packet, out var headers, new Tally<IgnoreReason>()));
                var key = FlowKey.FromHeaders(headers, withVlan: false, out _);
                flows[key] = flows.GetValueOrDefault(key) + 1;
                Assert.True(packet.TimestampNs >= last);
                last = packet.TimestampNs;
            }
        }

        Assert.Equal(500, flows.Count);
        Assert.All(flows.Values, packets => Assert.Equal(packetsPerFlow, packets));
    }
}
