using ServeFlow.Models.BitSliced;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores rows of a feature matrix with a compiled forest: by the arithmetic that flows are scored by, so that a row
/// has the probabilities of its flow to the last bit.
/// </summary>
sealed class CompiledColumnScorer(SmallBatchForest forest, ColumnTests tests) : IColumnScorer
{
    const int Capacity = 64;

    readonly SmallBatchScorer scorer = new(forest, Capacity);

    public int Classes => forest.Classes;

    public ReadOnlyMemory<int> Columns => tests.Columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities)
    {
        var width = tests.Columns.Length;
        for (var first = 0; first < count; first += Capacity)
        {
            var flows = Math.Min(Capacity, count - first);
            for (var flow = 0; flow < flows; flow++)
            {
                tests.Answer(rows.Slice((first + flow) * width, width), scorer.Answers(flow));
            }

            scorer.Score(flows, probabilities[(first * Classes)..]);
        }
    }
}

/// <summary>Holds what the branches of a forest ask of a row. Immutable; shared.</summary>
sealed class ColumnTests
{
    readonly (Predicate Predicate, int Column, int Place)[] tests;

    /// <param name="predicates">The questions.</param>
    /// <param name="columns">The schema's column of each.</param>
    /// <param name="places">The place of each one's answer among those of a flow: a bit.</param>
    public ColumnTests(IReadOnlyList<Predicate> predicates, IReadOnlyList<int> columns, IReadOnlyList<int> places)
    {
        Columns = [.. columns.Distinct().Order()];
        tests = [.. predicates.Select((predicate, i) =>
            (predicate, Array.BinarySearch(Columns, columns[i]), places[i]))];
    }

    /// <summary>Gets the schema's columns that are asked about, ascending.</summary>
    public int[] Columns { get; }

    /// <summary>Answers all questions for a row.</summary>
    /// <param name="row">The values of <see cref="Columns"/>.</param>
    /// <param name="answers">Receives a bit for each.</param>
    public void Answer(ReadOnlySpan<float> row, Span<byte> answers)
    {
        answers.Clear();
        foreach (ref readonly var test in tests.AsSpan())
        {
            if (test.Predicate.GoesRight(row[test.Column]))
            {
                answers[test.Place / 8] |= (byte)(1 << (test.Place % 8));
            }
        }
    }
}
