using System.Numerics;
using System.Runtime.CompilerServices;
using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers.KeptPackets;

/// <summary>
/// Keeps the rows of answers of undecided flows by the slots of <see cref="PendingFlows"/>, for plans whose tiers need
/// no headers. Plans whose rows are no longer share it.
/// </summary>
sealed unsafe class PendingRows
{
    const int LineWords = CacheLine.Size / sizeof(ulong);

    readonly NativeBlock<ulong> rows;
    readonly NativeBlock<FlowAggregates>? sums;
    readonly int stride;

    /// <param name="words">Words of a row at most.</param>
    /// <param name="capacity">Flows at most; it costs address space alone.</param>
    /// <param name="hasSums">Whether sums over a flow's packets are kept beside its row.</param>
    public PendingRows(int words, int capacity, bool hasSums)
    {
        Words = words;
        sums = hasSums ? NativeBlock<FlowAggregates>.CreateBacked(capacity) : null;
        stride = words <= LineWords ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(words, 1))
            : (words + LineWords - 1) / LineWords * LineWords; // no row lies in more lines than it fills
        rows = NativeBlock<ulong>.CreateBacked((long)capacity * stride);
    }

    /// <summary>Gets the words that there is room for in a row.</summary>
    public int Words { get; }

    /// <summary>Determines whether there is room for what a layout keeps.</summary>
    public bool HasRoomFor(AnswerRows layout) =>
        Words >= layout.Words && (sums is not null || layout.Aggregates.IsEmpty);

    /// <summary>Says that a slot is about to be used. A hint, for slots that were never used before.</summary>
    public void Prefault(int slot)
    {
        rows.Prefault((long)slot * stride);
        sums?.Prefault(slot);
    }

    /// <summary>Gets the sums over a flow's packets, to be read or changed in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FlowAggregates Sums(int slot) => ref sums!.Start[slot];

    /// <summary>Asks for the sums over a flow's packets. A hint.</summary>
    public void PrefetchSums(int slot)
    {
        var sum = (byte*)(sums!.Start + slot);
        for (var line = 0; line < sizeof(FlowAggregates); line += CacheLine.Size)
        {
            CacheLine.Prefetch(sum + line);
        }
    }

    /// <summary>Gets the first words of a flow's row, to be read or changed in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<ulong> Row(int slot, int words) => new(rows.Start + ((long)slot * stride), words);

    /// <summary>Asks for the first words of a flow's row. A hint.</summary>
    public void PrefetchRow(int slot, int words)
    {
        for (var word = 0; word < words; word += LineWords)
        {
            Prefetch(slot, word);
        }
    }

    /// <summary>Asks for a word of a flow's row. A hint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int slot, int word) => CacheLine.Prefetch(rows.Start + ((long)slot * stride) + word);
}
