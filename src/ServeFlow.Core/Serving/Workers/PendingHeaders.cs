using System.Runtime.CompilerServices;
using ServeFlow.Features;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Keeps the headers of undecided flows, and where the answers of their tiers belong, by the slots of
/// <see cref="PendingFlows"/>. Plans that are no deeper, and have no more tiers, share it.
/// </summary>
/// <param name="depth">Packets that are kept of a flow at most.</param>
/// <param name="tiers">Tiers of a plan at most.</param>
/// <param name="capacity">Slots are below it; it costs address space alone.</param>
sealed unsafe class PendingHeaders(int depth, int tiers, int capacity)
{
    readonly NativeBlock<HeaderRecord> headers = NativeBlock<HeaderRecord>.CreateBacked((long)capacity * depth);
    readonly NativeBlock<int> recordIndexes = new((long)capacity * tiers);

    public int Depth => depth;

    public int Tiers => tiers;

    /// <summary>Says that a slot is about to be used. A hint, for slots that were never used before.</summary>
    public void Approach(int slot)
    {
        headers.Approach((long)slot * depth);
        recordIndexes.Approach((long)slot * tiers);
    }

    /// <summary>Gets the first headers kept of a flow, to be read or changed in place.</summary>
    public Span<HeaderRecord> Kept(int slot, int packets) =>
        new(headers.Start + ((long)slot * depth), packets);

    /// <summary>Gets the time of a kept packet, from 0, since the first one of its unit, in nanoseconds.</summary>
    public long SinceFirstNs(int slot, int packet) =>
        headers[((long)slot * depth) + packet].SinceFirstMicroseconds * 1000L;

    /// <summary>
    /// The place in the outbox where a tier's answer belongs: that of the packet that reached its depth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int RecordIndex(int slot, int tier) => ref recordIndexes[((long)slot * tiers) + tier];

    /// <summary>Gets the room for the headers of a flow's packet, from 0, for the caller to fill and count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref HeaderRecord Room(int slot, int packet) => ref headers[((long)slot * depth) + packet];

    /// <summary>Asks for the room of a packet's headers, from 0. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot, long packet)
    {
        var room = (byte*)(headers.Start + ((long)slot * depth) + packet);
        CacheLine.Prefetch(room);
        CacheLine.Prefetch(room + CacheLine.Size);
        CacheLine.Prefetch(room + (2 * CacheLine.Size));
    }
}
