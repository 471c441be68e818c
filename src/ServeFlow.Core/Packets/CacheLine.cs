using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ServeFlow.Packets;

/// <summary>Asking for memory ahead of its use. Only a hint: nothing depends on it but time.</summary>
static unsafe class CacheLine
{
    /// <summary>Bytes, on every processor that this is tuned for.</summary>
    public const int Size = 64;

    /// <summary>Asks for the line of an address, which need not be a valid one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
