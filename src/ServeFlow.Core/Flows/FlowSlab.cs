using System.Runtime.CompilerServices;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>
/// Holds the flows themselves, at places that never move, so that an index and a <c>ref</c> stay good until the flow is
/// returned. Freed indices are reused, last first; a free flow's memory holds the index of the next free one. Each
/// flow starts on a cache line.
/// </summary>
sealed unsafe class FlowSlab
{
    /// <summary>2^28 flows, 32 GiB: indices and the hash index's arithmetic stay inside an int.</summary>
    const int MaxLimit = FlowMemory.MaxFlows;

    const int None = -1;

    readonly NativeBlock<Flow> flows;
    int nextFree = None;

    public FlowSlab(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        flows = NativeBlock<Flow>.CreateBacked(limit);
    }

    /// <summary>Gets the number after the highest index that was ever handed out.</summary>
    public int Extent { get; private set; }

    public long Bytes => BytesFor(Extent);

    /// <summary>Computes the <see cref="Bytes"/> of a slab with <paramref name="flows"/> flows.</summary>
    public static long BytesFor(int flows) => (long)flows * sizeof(Flow);

    public ref Flow this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref flows[index];
    }

    /// <summary>
    /// Returns an index for a new flow, or −1 at the limit. Its memory still holds what was there before.
    /// </summary>
    public int Rent()
    {
        var index = nextFree;
        if (index == None)
        {
            flows.Prefault(Extent);
            return Extent < flows.Length ? Extent++ : None;
        }

        nextFree = Link(index);
        if (nextFree != None)
        {
            Prefetch(nextFree);
        }

        return index;
    }

    /// <summary>Takes a flow's index back; what lies there has no packet's key from then on.</summary>
    public void Return(int index)
    {
        flows[index].Key = default;
        Link(index) = nextFree;
        nextFree = index;
    }

    /// <summary>Every flow has been returned: indices are handed out from 0 on again.</summary>
    public void Reset() => (Extent, nextFree) = (0, None);

    /// <summary>Asks for both of a flow's cache lines; any index of a flow that there ever was will do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index)
    {
        var flow = flows.Start + index;
        CacheLine.Prefetch(flow);
        CacheLine.Prefetch((byte*)flow + CacheLine.Size);
    }

    ref int Link(int index) => ref Unsafe.As<Flow, int>(ref flows[index]);
}
