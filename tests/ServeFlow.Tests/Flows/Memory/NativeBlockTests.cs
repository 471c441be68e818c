using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using Xunit;

namespace ServeFlow.Tests.Flows.Memory;

public sealed class NativeBlockTests
{
    /// <summary>Specifies the number of elements in a huge page.</summary>
    const int PageElements = NativePages.HugePage / sizeof(long);

    const int SmallPage = 4096;

    [Fact]
    public void Prefault_MiddleOfAPage_BacksTheNextOne()
    {
        var block = new NativeBlock<long>(4 * PageElements);
        block[0] = 1;

        block.Prefault((PageElements / 2) - 1);
        Assert.False(IsBacked(block, PageElements));
        block.Prefault(PageElements / 2);

        Assert.True(SpinWait.SpinUntil(() => IsBacked(block, (2 * PageElements) - 1), TimeSpan.FromSeconds(30)));
        Assert.False(IsBacked(block, 2 * PageElements));
        Assert.Equal(0, block[PageElements]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(PageElements / 2)]
    [InlineData(PageElements + 100)]
    [InlineData((3 * PageElements) - 1)]
    public void Prefault_EveryElementOfAnyLength_LeavesWhatIsWritten(int length)
    {
        var block = new NativeBlock<long>(length);
        for (var i = 0; i < length; i++)
        {
            block.Prefault(i);
            block[i] = i + 1;
        }

        block.Prefault(length);
        for (var i = 0; i < length; i++)
        {
            Assert.Equal(i + 1, block[i]);
        }
    }

    [Fact]
    public void CreateBacked_LargeBlock_BacksTheFirstPageAlone()
    {
        var block = NativeBlock<long>.CreateBacked(3 * PageElements);

        Assert.True(IsBacked(block, 0) && IsBacked(block, PageElements - 1));
        Assert.False(IsBacked(block, PageElements));
    }

    [Fact]
    public void PrefaultAndDiscard_SomeElements_BackAndGiveBackThese()
    {
        var block = new NativeBlock<long>(4 * PageElements);

        block.Prefault(PageElements, 2 * PageElements);
        Assert.True(SpinWait.SpinUntil(() => IsBacked(block, (3 * PageElements) - 1), TimeSpan.FromSeconds(30)));
        Assert.True(IsBacked(block, PageElements));
        Assert.False(IsBacked(block, 0) || IsBacked(block, 3 * PageElements));

        block[2 * PageElements] = 1;
        block.Discard(2 * PageElements, PageElements);
        Assert.True(SpinWait.SpinUntil(() => !IsBacked(block, 2 * PageElements), TimeSpan.FromSeconds(30)));
        Assert.True(IsBacked(block, PageElements));
        Assert.Equal(0, block[2 * PageElements]);
    }

    /// <summary>Asks the kernel, by /proc/self/pagemap: bit 63 of a page's word says that it is in memory.</summary>
    static bool IsBacked(NativeBlock<long> block, long index)
    {
        var address = (long)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref Unsafe.As<long, byte>(ref block[index]));
        using var map = File.OpenRead("/proc/self/pagemap");
        map.Position = address / SmallPage * sizeof(ulong);
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        map.ReadExactly(word);
        return BinaryPrimitives.ReadUInt64LittleEndian(word) >> 63 != 0;
    }
}
