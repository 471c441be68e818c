using System.Runtime.InteropServices;
using ServeFlow.Features;
using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Picks a model's answers for one flow at a time out of its row, which has them in the same order among those of other
/// models. <see cref="FlowAnswers"/> gives the same answers from headers. Immutable.
/// </summary>
sealed class RowAnswers
{
    const int WordBits = 64;

    readonly RowPick[] picks;

    /// <param name="rows">The rows that are read.</param>
    /// <param name="tests">The tests of the model.</param>
    /// <param name="layout">The same tests, laid out in the same order within the answers to a packet.</param>
    public RowAnswers(AnswerRows rows, IReadOnlyList<PlaneTest> tests, AnswerLayout layout)
    {
        Rows = rows;
        picks = [.. tests.Select(test => rows.PlaceOf(test)).Zip(layout.Places).Distinct().Order()
            .GroupBy(pair => pair.First / WordBits).Select(CreatePick)];
    }

    /// <summary>Gets the rows that are read.</summary>
    public AnswerRows Rows { get; }

    /// <param name="row">The words that the flow's packets so far fill; those of later ones are all no.</param>
    /// <param name="answers">Receives the answers, by their places.</param>
    public void Read(ReadOnlySpan<ulong> row, Span<byte> answers)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(answers);
        words.Clear();
        foreach (ref readonly var pick in picks.AsSpan())
        {
            if (pick.Word >= row.Length)
            {
                return;
            }

            var found = BitExtract.Extract(row[pick.Word], pick.Mask);
            words[pick.Place / WordBits] |= found << (pick.Place % WordBits);
            if (pick.Spills)
            {
                words[(pick.Place / WordBits) + 1] |= found >> (WordBits - (pick.Place % WordBits));
            }
        }
    }

    static RowPick CreatePick(IGrouping<int, (int Row, int Place)> word)
    {
        var (mask, count, place) = (0UL, 0, word.First().Place);
        foreach (var pair in word)
        {
            if (pair.Place != place + count++)
            {
                throw new ArgumentException("answers are not in the order of their rows", nameof(word));
            }

            mask |= 1UL << (pair.Row % WordBits);
        }

        return new(word.Key, mask, place, (place % WordBits) + count > WordBits);
    }
}

/// <summary>Takes chosen bits of a word of a row.</summary>
/// <param name="Word">The word.</param>
/// <param name="Mask">The bits.</param>
/// <param name="Place">The place of the first of them among the answers.</param>
/// <param name="Spills">Whether they end in the word behind the first one's.</param>
readonly record struct RowPick(int Word, ulong Mask, int Place, bool Spills);
