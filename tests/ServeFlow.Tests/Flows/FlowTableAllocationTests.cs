using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Flows;

public sealed class FlowTableAllocationTests
{
    readonly struct NullListener : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
        }

        public void Turning(int index, ref Flow flow)
        {
        }
    }

    [Fact]
    public void Track_WarmTable_AllocatesNothing()
    {
        var table = new FlowTable<NullListener>(new() { MaxFlows = 500 }, default);
        var packets = Enumerable.Range(0, 2000).Select(i => PacketMaker.Datagram(i)).ToArray();
        Run(table, packets, 0);
        Assert.True(table.Events[FlowEvent.EmergencyBegan] > 0);

        Assert.Equal(0, AllocatedBytes.Min(number => Run(table, packets, number * 100)));
        Assert.True(table.Ended[EndReason.IdleTimeout] > 0);
    }

    static void Run(FlowTable<NullListener> table, PacketHeaders[] packets, int seconds)
    {
        for (var i = 0; i < packets.Length; i++)
        {
            table.Track(PacketMaker.At((seconds * PacketMaker.Second) + i), packets[i], out _, out _);
        }

        table.Advance((seconds + 99) * PacketMaker.Second);
    }
}
