using System.Runtime.CompilerServices;
using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Flows;

public sealed class FlowLayoutTests
{
    [Fact]
    public void Flow_Size_IsTwoCacheLines() => Assert.Equal(128, Unsafe.SizeOf<Flow>());

    [Fact]
    public void FlowKey_Size_IsFortyBytes() => Assert.Equal(40, Unsafe.SizeOf<FlowKey>());

    [Fact]
    public void Flow_PackedFields_DoNotDisturbOneAnother()
    {
        var flow = new Flow
        {
            Key = new(default, default, 1, 2, 0, PacketMaker.Tcp, 4),
            ForwardIsLow = true,
            Tunnel = TunnelKind.Mpls,
            IsContinuation = true,
            TcpState = TcpState.Closed,
            BytesForward = 1L << 40,
            PayloadBackward = 7,
        };

        Assert.True(flow.ForwardIsLow);
        Assert.True(flow.IsContinuation);
        Assert.True(flow.IsClosed);
        Assert.Equal(TunnelKind.Mpls, flow.Tunnel);
        Assert.Equal((1L << 40, 0L, 7L), (flow.BytesForward, flow.BytesBackward, flow.PayloadBackward));
    }

    [Fact]
    public void ByteCount_BeyondItsLimit_StaysThere()
    {
        var count = new ByteCount(ByteCount.Limit - 1);
        count.Add(5);
        count.Add(-5);

        Assert.Equal(ByteCount.Limit, count.Value);
    }
}
