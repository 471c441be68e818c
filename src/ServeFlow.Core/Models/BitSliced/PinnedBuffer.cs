namespace ServeFlow.Models.BitSliced;

/// <summary>Working memory that the collector never moves, aligned to cache lines.</summary>
sealed unsafe class PinnedBuffer
{
    const int Alignment = 64;

    readonly byte[] bytes;
    readonly int length;

    public PinnedBuffer(int length)
    {
        this.length = length;
        bytes = GC.AllocateArray<byte>(length + Alignment, pinned: true);
        fixed (byte* start = bytes)
        {
            Pointer = (byte*)(((nint)start + Alignment - 1) & ~(Alignment - 1));
        }
    }

    public byte* Pointer { get; }

    public void Clear() => new Span<byte>(Pointer, length).Clear();
}
