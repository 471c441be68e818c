using System.Runtime.CompilerServices;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class HeaderRecordLayoutTests
{
    [Fact]
    public void HeaderRecord_Size_IsThreeCacheLines() => Assert.Equal(192, Unsafe.SizeOf<HeaderRecord>());

    [Fact]
    public void HeaderRecord_Lengths_FollowTheBitsInHeaderOrder()
    {
        var record = default(HeaderRecord);
        ref var start = ref Unsafe.As<HeaderRecord, byte>(ref record);

        Assert.Equal(HeaderRecord.LengthsOffset + (int)HeaderKind.Ipv4, Offset(ref start, ref record.Ipv4Length));
        Assert.Equal(HeaderRecord.LengthsOffset + (int)HeaderKind.Ipv6, Offset(ref start, ref record.Ipv6Length));
        Assert.Equal(HeaderRecord.LengthsOffset + (int)HeaderKind.Tcp, Offset(ref start, ref record.TcpLength));
        Assert.Equal(HeaderRecord.LengthsOffset + (int)HeaderKind.Udp, Offset(ref start, ref record.UdpLength));
        Assert.Equal(HeaderRecord.LengthsOffset + (int)HeaderKind.Icmp, Offset(ref start, ref record.IcmpLength));
    }

    static int Offset(ref byte start, ref byte field) => (int)Unsafe.ByteOffset(ref start, ref field);
}
