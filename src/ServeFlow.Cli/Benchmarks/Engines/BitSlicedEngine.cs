using ServeFlow.Cascade.Scoring;
using ServeFlow.Models;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents the serving path: header records in, probabilities out, exactly as a tier's batch is
/// scored.</summary>
sealed class BitSlicedEngine(CompiledModel model, BenchRows rows, int batch) : IEngine
{
    public const string EngineName = "bitsliced";

    readonly IBatchScorer scorer = model.CreateScorer();
    readonly float[] probabilities = new float[batch * model.Forest.Classes];

    public string Name => EngineName;

    public string Isa { get; } = model.Engine switch
    {
        ScoringEngine.Avx512 => "avx512",
        ScoringEngine.Avx2 => "avx2",
        ScoringEngine.Portable => "vector128",
        _ => "reference",
    };

    public int Batch => batch;

    public string Covers => "header records to probabilities: gathering, answers or bit planes, trees, softmax";

    public void Score(int first, int count)
    {
        scorer.Begin(count);
        for (var i = 0; i < count; i++)
        {
            scorer.Add(i, rows.Packets(first + i));
        }

        scorer.Score(count, probabilities);
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
