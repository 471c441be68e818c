using BenchmarkDotNet.Attributes;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Benchmarks.Models;

/// <summary>A trained tier on one packet: as it serves, and as the plain walk over prepared rows.</summary>
public class TierBenchmarks
{
    const int Flows = IBatchScorer.Capacity;

    HeaderRecord[] records = [];
    IBatchScorer scorer = null!;
    ReferenceScorer reference = null!;
    float[] rows = [];
    float[] probabilities = [];

    [Params("dt", "lgbm")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var (schema, tier) = (SyntheticLab.Plan.Schema, SyntheticLab.Plan.Tiers.First(t => t.Model == Model));
        records = SyntheticLab.Records(SyntheticLab.Traffic(Flows, 1));
        scorer = tier.CreateScorer();
        var forest = ((CompiledModel)tier.Compiled).Forest;
        reference = new(forest, [.. forest.ColumnNames.Select(name =>
            schema.TryFindColumn(name, tier.PacketDepth, out var column) ? column : -1)]);
        var columns = reference.Columns.Span;
        rows = new float[Flows * columns.Length];
        for (var i = 0; i < Flows; i++)
        {
            schema.Extract(records.AsSpan(i, 1), columns, rows.AsSpan(i * columns.Length, columns.Length));
        }

        probabilities = new float[Flows * forest.Classes];
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public float BitSliced()
    {
        for (var i = 0; i < Flows; i++)
        {
            scorer.Add(i, records.AsSpan(i, 1));
        }

        scorer.Score(Flows, probabilities);
        return probabilities[0];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Flows)]
    public float Reference()
    {
        reference.Score(rows, Flows, probabilities);
        return probabilities[0];
    }
}
