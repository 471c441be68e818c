using System.Numerics;
using System.Runtime.InteropServices;

namespace ServeFlow.Sinks;

/// <summary>
/// A bounded ring of records between one producer's thread and one consumer's, allocated whole at the start; neither
/// ever waits in it. A record's bytes are visible to the consumer before the cursor that announces it, and a place is
/// written again only after the consumer has let go of it: the cursors are written with release and read with
/// acquire semantics.
/// </summary>
sealed class RecordRing
{
    readonly FlowRecord[] slots;
    readonly int mask;
    Cursors cursors;

    /// <param name="capacity">Records; rounded up to a power of two.</param>
    public RecordRing(int capacity)
    {
        slots = new FlowRecord[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        mask = slots.Length - 1;
    }

    public int Capacity => slots.Length;

    /// <summary>Gets the number of records inside; exact for neither thread while the other is at work.</summary>
    public int Count => (int)(Volatile.Read(ref cursors.Tail) - Volatile.Read(ref cursors.Head));

    /// <summary>Gets the number of records that the consumer has let go of so far. Readable from any thread.</summary>
    public long Released => Volatile.Read(ref cursors.Head);

    /// <summary>Producer: copies a record in; false where the ring is full.</summary>
    public bool TryAdd(in FlowRecord record)
    {
        var tail = cursors.Tail;
        if (tail - cursors.KnownHead == slots.Length)
        {
            cursors.KnownHead = Volatile.Read(ref cursors.Head);
            if (tail - cursors.KnownHead == slots.Length)
            {
                return false;
            }
        }

        slots[tail & mask] = record;
        Volatile.Write(ref cursors.Tail, tail + 1);
        return true;
    }

    /// <summary>Consumer: the oldest records that lie side by side; valid until <see cref="Release"/>.</summary>
    public ReadOnlySpan<FlowRecord> Peek(int limit)
    {
        var head = cursors.Head;
        var count = (int)Math.Min(limit, Volatile.Read(ref cursors.Tail) - head);
        var first = (int)(head & mask);
        return slots.AsSpan(first, Math.Min(count, slots.Length - first));
    }

    /// <summary>Consumer: gives the oldest places back.</summary>
    public void Release(int count) => Volatile.Write(ref cursors.Head, cursors.Head + count);

    /// <summary>Holds each side's cursor on a cache line of its own, prefetched neighbour included.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    struct Cursors
    {
        /// <summary>Written by the producer.</summary>
        [FieldOffset(128)]
        public long Tail;

        /// <summary>Holds the producer's last look at <see cref="Head"/>.</summary>
        [FieldOffset(136)]
        public long KnownHead;

        /// <summary>Written by the consumer.</summary>
        [FieldOffset(256)]
        public long Head;
    }
}
