using ServeFlow.Flows.Memory;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>The memory of a ring.</summary>
public sealed unsafe class PacketRingTests
{
    /// <summary>The kernel likes to give the same addresses out again, to a flow table for one.</summary>
    [Fact]
    public void Dispose_Twice_LeavesWhatIsMappedThereMeanwhile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "rings are Linux's");
        var ring = Create(1);
        ring.Dispose();
        var others = (byte*)NativePages.Reserve(BlockLayout.BlockBytes);
        ring.Dispose();

        Assert.Contains(File.ReadLines("/proc/self/maps"), line => IsWithin(line, (ulong)others));
        NativePages.Release(others, BlockLayout.BlockBytes);
    }

    [Fact]
    public void Read_AfterDispose_FindsNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "rings are Linux's");
        var ring = Create(2);
        ring.Dispose();

        Assert.True(ring.Read() == null);
        Assert.False(ring.HasPackets);
    }

    static PacketRing<BlockLayout> Create(int blocks) =>
        new((byte*)NativePages.Reserve((nuint)blocks * BlockLayout.BlockBytes), blocks, BlockLayout.BlockBytes);

    static bool IsWithin(string line, ulong address)
    {
        var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
        return Convert.ToUInt64(range[0], 16) <= address && address < Convert.ToUInt64(range[1], 16);
    }
}
