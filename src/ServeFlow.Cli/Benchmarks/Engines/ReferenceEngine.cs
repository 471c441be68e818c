using ServeFlow.Models;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents the plain walk over every tree, in double.</summary>
sealed class ReferenceEngine : IEngine
{
    public const string EngineName = "reference";

    readonly IScorer scorer;
    readonly float[] rows;
    readonly float[] probabilities;

    public ReferenceEngine(Forest forest, BenchRows rows, int batch)
    {
        scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, rows.Columns)]);
        Batch = batch;
        probabilities = new float[batch * forest.Classes];
        var used = scorer.Columns.Span;
        this.rows = new float[rows.Count * used.Length];
        for (var r = 0; r < rows.Count; r++)
        {
            for (var c = 0; c < used.Length; c++)
            {
                this.rows[(r * used.Length) + c] = rows.Row(r)[used[c]];
            }
        }
    }

    public string Name => EngineName;

    public string Isa => "scalar";

    public int Batch { get; }

    public string Covers => "rows of the used columns, prepared beforehand, to probabilities";

    public void Score(int first, int count)
    {
        var columns = scorer.Columns.Length;
        scorer.Score(rows.AsSpan(first * columns, count * columns), count, probabilities);
    }

    public void CopyProbabilities(int first, int count, Span<double> into)
    {
        for (var i = 0; i < count * scorer.Classes; i++)
        {
            into[i] = probabilities[i];
        }
    }

    public void Dispose()
    {
    }
}
