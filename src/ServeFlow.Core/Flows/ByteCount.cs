using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Flows;

/// <summary>
/// Counts bytes in 6 bytes, so that a flow has room for six of them. Stops at 2^48 − 1 (281 TB, more than six
/// hours at 100 Gbit/s) instead of wrapping around.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
struct ByteCount
{
    public const long Limit = (1L << 48) - 1;

    uint low;
    ushort high;

    public ByteCount(long value) => Set(Math.Clamp(value, 0, Limit));

    public readonly long Value => ((long)high << 32) | low;

    /// <summary>
    /// Adds a packet's bytes; a negative count, from a header that lies about its length, adds nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int bytes) => Set(Math.Min(Value + Math.Max(bytes, 0), Limit));

    void Set(long value)
    {
        low = (uint)value;
        high = (ushort)(value >> 32);
    }
}
