using System.Text;
using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>Reads a model from the bytes of its file.</summary>
delegate Forest ModelReader(ReadOnlySpan<byte> data);

/// <summary>Every reader of models must withstand bad input: a damaged or hostile model is refused by an
/// <see cref="InputException"/> of one line, or scores.</summary>
static class ModelFuzz
{
    const int MutationsPerSeed = 400;

    public static void RefusesOrScores(ReadOnlySpan<byte> data, ModelReader read)
    {
        try
        {
            var forest = read(data);
            var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, forest.ColumnNames.Count)]);
            var row = new float[scorer.Columns.Length];
            var probabilities = new float[forest.Classes];
            foreach (var value in (ReadOnlySpan<float>)[0, -1, 1, float.NaN, float.PositiveInfinity])
            {
                row.AsSpan().Fill(value);
                scorer.Score(row, 1, probabilities);
                Assert.Equal(1, probabilities.Sum(p => (double)p), 1e-4);
            }
        }
        catch (InputException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    /// <param name="seed">Text of a whole model.</param>
    /// <param name="mutate">Damages a text.</param>
    /// <param name="read">The reader under test.</param>
    /// <param name="limit">Bytes that reading and scoring one model may allocate.</param>
    public static void RefusesOrScoresMutated(string seed, Func<string, Random, string> mutate, ModelReader read,
        int limit)
    {
        var random = new Random(1);
        for (var i = 0; i < MutationsPerSeed; i++)
        {
            var mutated = Encoding.UTF8.GetBytes(mutate(seed, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            RefusesOrScores(mutated, read);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);
        }
    }
}
