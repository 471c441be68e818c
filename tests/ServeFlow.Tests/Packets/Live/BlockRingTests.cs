using ServeFlow.Flows.Memory;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>The memory of a ring.</summary>
public sealed unsafe class BlockRingTests
{
    /// <summary>The kernel likes to give the same addresses out again, to a flow table for one.</summary>
    [Fact]
    public void Dispose_Twice_LeavesWhatIsMappedThereMeanwhile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "rings are Linux's");
        var ring = new BlockRing((byte*)NativePages.Reserve(BlockRing.BlockBytes), 1);
        ring.Dispose();
        var others = (byte*)NativePages.Reserve(BlockRing.BlockBytes);
        ring.Dispose();

        Assert.Contains(File.ReadLines("/proc/self/maps"), line => IsWithin(line, (ulong)others));
        NativePages.Release(others, BlockRing.BlockBytes);
    }

    [Fact]
    public void ReadFrame_AfterDispose_FindsNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "rings are Linux's");
        var ring = new BlockRing((byte*)NativePages.Reserve(2 * BlockRing.BlockBytes), 2);
        ring.Dispose();

        Assert.True(ring.ReadFrame() == null);
        Assert.False(ring.HasPackets);
    }

    static bool IsWithin(string line, ulong address)
    {
        var range = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
        return Convert.ToUInt64(range[0], 16) <= address && address < Convert.ToUInt64(range[1], 16);
    }
}
