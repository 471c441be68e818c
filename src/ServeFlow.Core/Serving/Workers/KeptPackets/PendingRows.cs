using System.Numerics;
using System.Runtime.CompilerServices;
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
    readonly int stride;

    /// <param name="words">Words of a row at most.</param>
    /// <param name="capacity">Flows at most; it costs address space alone.</param>
    public PendingRows(int words, int capacity)
    {
        Words = words;
        stride = words <= LineWords ? (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(words, 1))
            : (words + LineWords - 1) / LineWords * LineWords; // no row lies in more lines than it fills
        rows = NativeBlock<ulong>.CreateBacked((long)capacity * stride);
    }

    /// <summary>Gets the words that there is room for in a row.</summary>
    public int Words { get; }

    /// <summary>Says that a slot is about to be used. A hint, for slots that were never used before.</summary>
    public void Prefault(int slot) => rows.Prefault((long)slot * stride);

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
