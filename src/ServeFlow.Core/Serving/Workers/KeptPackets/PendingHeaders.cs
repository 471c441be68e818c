using System.Runtime.CompilerServices;
using ServeFlow.Features;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers.KeptPackets;

/// <summary>
/// Keeps the headers of undecided flows, and where the answers of their tiers belong, by the slots of
/// <see cref="PendingFlows"/>. Plans that are no deeper, and have no more tiers, share it.
/// </summary>
sealed unsafe class PendingHeaders
{
    /// <summary>Specifies the bytes that a tier takes of a flow, beside headers.</summary>
    public const int PlaceBytes = sizeof(int) + sizeof(uint);

    readonly NativeBlock<HeaderRecord> headers;
    readonly NativeBlock<TierPlace> places;

    /// <summary>Holds the headers of slot 0: of a later task it lies before the block, by its first slot.</summary>
    readonly HeaderRecord* start;

    readonly int depth;
    readonly int tiers;
    readonly int capacity;

    /// <param name="depth">Packets whose headers are kept of a flow at most; 0 keeps none.</param>
    /// <param name="tiers">Tiers of a plan at most.</param>
    /// <param name="capacity">Flows at most; it costs address space alone.</param>
    /// <param name="tasks">Tasks that answer each flow.</param>
    public PendingHeaders(int depth, int tiers, int capacity, int tasks = 1)
    {
        (this.depth, this.tiers, this.capacity) = (depth, tiers, capacity);
        headers = NativeBlock<HeaderRecord>.CreateBacked(Math.Max(1, (long)capacity * depth));
        places = new((long)capacity * tasks * tiers);
        start = headers.Start;
    }

    PendingHeaders(PendingHeaders shared, int task)
    {
        (depth, tiers, capacity) = (shared.depth, shared.tiers, shared.capacity);
        (headers, places) = (shared.headers, shared.places);
        start = shared.headers.Start - ((long)task * capacity * depth);
    }

    public int Depth => depth;

    public int Tiers => tiers;

    /// <summary>Gets the same headers by the slots of another task: what one task has kept is there for all.</summary>
    public PendingHeaders ForTask(int task) => task == 0 ? this : new(this, task);

    /// <summary>Says that a slot is about to be used. A hint, for slots that were never used before.</summary>
    public void Prefault(int slot)
    {
        headers.Prefault((long)slot * depth);
        PrefaultPlaces(slot);
    }

    /// <summary>Says the same of a slot that will keep no headers. A hint.</summary>
    public void PrefaultPlaces(int slot) => places.Prefault((long)slot * tiers);

    /// <summary>Gets the first headers kept of a flow, to be read or changed in place.</summary>
    public Span<HeaderRecord> Kept(int slot, int packets) =>
        new(start + ((long)slot * depth), packets);

    /// <summary>
    /// The place in the outbox where a tier's answer belongs: that of the packet that reached its depth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int RecordIndex(int slot, int tier) => ref places[((long)slot * tiers) + tier].RecordIndex;

    /// <summary>Gets the time of the packet that reached a tier's depth, since the first one of its unit, in whole
    /// microseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref uint ReachedMicroseconds(int slot, int tier) =>
        ref places[((long)slot * tiers) + tier].ReachedMicroseconds;

    /// <summary>Gets the room for the headers of a flow's packet, from 0, for the caller to fill and count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref HeaderRecord Room(int slot, int packet) => ref start[((long)slot * depth) + packet];

    /// <summary>Asks for the first headers kept of a flow. A hint.</summary>
    public void PrefetchKept(int slot, int packets)
    {
        for (var packet = 0; packet < packets; packet++)
        {
            Prefetch(slot, packet);
        }
    }

    /// <summary>Asks for the room of a packet's headers, from 0. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot, long packet)
    {
        var room = (byte*)(start + ((long)slot * depth) + packet);
        CacheLine.Prefetch(room);
        CacheLine.Prefetch(room + CacheLine.Size);
        CacheLine.Prefetch(room + (2 * CacheLine.Size));
    }

    /// <summary>What is known of a flow and a tier whose depth it has reached.</summary>
    struct TierPlace
    {
        public int RecordIndex;
        public uint ReachedMicroseconds;
    }
}
