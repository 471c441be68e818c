using ServeFlow.Features;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents the first part of what <see cref="BitSlicedEngine"/> does, alone: header records to bit
/// planes.</summary>
sealed class PlanesEngine : IEngine
{
    readonly BenchRows rows;
    readonly PlaneExtractor planes;

    public PlanesEngine(BenchModel model, BenchRows rows)
    {
        this.rows = rows;
        planes = new(model.Schema, [.. BitSlicedCompiler.Compile(model.Forest).Predicates.Select(predicate =>
            new PlaneTest(model.Columns[predicate.Column], predicate.Threshold,
                predicate.GoesRight(FeatureSchema.Absent), predicate.GoesRight(0), predicate.GoesRight(1)))]);
    }

    public string Name => "planes";

    public string Isa => "";

    public int Batch => PlaneExtractor.BatchSize;

    public string Covers => "header records to bit planes";

    public void Score(int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            planes.Add(i, rows.Packets(first + i));
        }

        planes.Finish();
    }

    public void CopyProbabilities(int first, int count, Span<double> probabilities) => probabilities.Clear();

    public void Dispose()
    {
    }
}
