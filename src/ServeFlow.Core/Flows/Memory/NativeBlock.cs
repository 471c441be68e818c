using System.Runtime.CompilerServices;

namespace ServeFlow.Flows.Memory;

/// <summary>
/// Room for many small structs outside the collector's heap: reserved whole, so that it never moves and needs no
/// chunks, and backed by memory only where it is written. All zero at first.
/// </summary>
sealed unsafe class NativeBlock<T> where T : unmanaged
{
    readonly nuint bytes;
    readonly PageSupply supply;

    /// <summary>
    /// Holds the first element whose approach asks for another page: in the middle of a page for the next.
    /// </summary>
    long mark = NativePages.HugePage / 2 / sizeof(T);

    public NativeBlock(long count)
    {
        Length = count;
        bytes = checked((nuint)count * (nuint)sizeof(T));
        Start = (T*)NativePages.Reserve(bytes);
        supply = new(this);
    }

    ~NativeBlock()
    {
        if (Start != null)
        {
            NativePages.Release(Start, bytes);
        }
    }

    /// <summary>Gets the first element, on a page's border; good until the block is collected.</summary>
    public T* Start { get; }

    public long Length { get; }

    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Start[index];
    }

    /// <summary>Creates a block that is used from its start: its first huge page is backed by memory at once.</summary>
    public static NativeBlock<T> CreateBacked(long count)
    {
        var block = new NativeBlock<T>(count);
        if (block.bytes >= NativePages.HugePage)
        {
            NativePages.Populate(block.Start, NativePages.HugePage);
        }

        return block;
    }

    /// <summary>
    /// Says that an element is about to be used, and those behind it soon, all for the first time. The next huge page
    /// is then backed by memory on another thread. A hint, for owners that use a block from its start.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefault(long index)
    {
        if (index >= mark)
        {
            RequestNextPage(index);
        }
    }

    /// <summary>Backs elements by memory on another thread, for an owner that will soon use all of them.</summary>
    public void Prefault(long first, long count) =>
        supply.Request((byte*)(Start + first), count * sizeof(T));

    /// <summary>Gives the memory of elements back on another thread. They may not be used again.</summary>
    public void Discard(long first, long count) =>
        PageRelease.Request(this, (byte*)(Start + first), count * sizeof(T));

    void RequestNextPage(long index)
    {
        var at = ((index * sizeof(T) / NativePages.HugePage) + 1) * NativePages.HugePage;
        mark = (at + (NativePages.HugePage / 2)) / sizeof(T);
        supply.Request((byte*)Start + at, Math.Min(NativePages.HugePage, (long)bytes - at));
    }
}
