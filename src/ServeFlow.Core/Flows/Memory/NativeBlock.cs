using System.Runtime.CompilerServices;

namespace ServeFlow.Flows.Memory;

/// <summary>
/// Room for many small structs outside the collector's heap: reserved whole, so that it never moves and needs no
/// chunks, and backed by memory only where it is written. All zero at first.
/// </summary>
sealed unsafe class NativeBlock<T> where T : unmanaged
{
    readonly nuint bytes;

    public NativeBlock(long count)
    {
        Length = count;
        bytes = checked((nuint)count * (nuint)sizeof(T));
        Start = (T*)NativePages.Reserve(bytes);
    }

    ~NativeBlock() => Free();

    /// <summary>The first element, on a page's border; good until the block is collected or freed.</summary>
    public T* Start { get; private set; }

    public long Length { get; }

    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Start[index];
    }

    /// <summary>Gives the memory back at once. Nothing may be read or written afterwards.</summary>
    public void Free()
    {
        if (Start != null)
        {
            NativePages.Release(Start, bytes);
            Start = null;
        }
    }
}
