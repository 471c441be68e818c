using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents one run of <c>bench model</c>, as it was asked for.</summary>
sealed record ModelBench
{
    /// <summary>Apart from the rows that the model was trained on.</summary>
    const int RowsSeed = 0x5eed;

    /// <summary>Specifies the number of rows on which probabilities are compared: slow engines take 0.1 ms for
    /// each.</summary>
    const int MaxComparedRows = 4_096;

    /// <summary>Gets a model text; null: one is trained.</summary>
    public required string? ModelPath { get; init; }

    /// <summary>Gets the captures whose flows are the rows; null: they are drawn at random.</summary>
    public required string? CapturePath { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    public required int Columns { get; init; }

    public required int Classes { get; init; }

    public required int Rounds { get; init; }

    public required int Leaves { get; init; }

    public required int Rows { get; init; }

    public required IReadOnlyCollection<string> Engines { get; init; }

    public required int Seed { get; init; }

    /// <summary>
    /// Gets how long an engine runs in each round: long against the clock's resolution and a call, short against
    /// disturbances.
    /// </summary>
    public TimeSpan Slice { get; init; } = TimeSpan.FromMilliseconds(40);

    public ModelBenchResult Run(ProgressLine line, CancellationToken cancel)
    {
        var model = ModelPath is null
            ? BenchModel.Train(Columns, Classes, Rounds, Leaves, Seed,
                line.Adapt<TrainingProgress>(p => (p.Done / 2, p.What)), cancel)
            : BenchModel.Read(ModelPath);
        line.Report(0.5, "making rows");
        var rows = new BenchRows(Headers(model, cancel), model.Schema, model.Columns, cancel);
        using var set = new EngineSet(model, rows, Engines);
        line.Report(0.55, "comparing probabilities");
        var differences = Differences(set, model, rows, cancel);
        using var planes = new PlanesEngine(model, rows);
        var times = EngineTimer.Time([.. set.Engines, planes], rows.Count, Slice,
            line.Adapt<double>(done => (0.6 + (done * 0.4), "timing the engines in turn")), cancel);
        return new(model, rows.Count, CapturePath,
            [.. set.Engines.Select((engine, e) => new EngineTime(engine.Name, engine.Isa,
            engine.Batch, times[e].Min(), Median(times[e]), differences[e], engine.Covers))], times[^1].Min());
    }

    IReadOnlyList<HeaderRecord[]> Headers(BenchModel model, CancellationToken cancel) => CapturePath is null
        ? new RandomHeaders(Seed ^ RowsSeed, model.IsBinary).Draw(Rows, model.Depth, cancel)
        : CapturedHeaders.Read(CapturePath, Expansion, Rows, model.Depth, cancel);

    static double[] Differences(EngineSet set, BenchModel model, BenchRows rows, CancellationToken cancel)
    {
        var count = Math.Min(rows.Count, MaxComparedRows);
        using var lightGbm = new LightGbmEngine(model, rows, count);
        var expected = Probabilities(lightGbm, count, model.Forest.Classes, cancel);
        return [.. set.Engines.Select(engine => Probabilities(engine, count, model.Forest.Classes, cancel)
            .Zip(expected, (found, other) => Math.Abs(found - other)).Max())];
    }

    /// <summary>Computes the probabilities; scoring that many rows also warms the code.</summary>
    /// <returns>[count × classes]</returns>
    static double[] Probabilities(IEngine engine, int count, int classes, CancellationToken cancel)
    {
        var all = new double[count * classes];
        for (var first = 0; first < count; first += engine.Batch)
        {
            cancel.ThrowIfCancellationRequested();
            var rows = Math.Min(engine.Batch, count - first);
            engine.Score(first, rows);
            engine.CopyProbabilities(first, rows, all.AsSpan(first * classes, rows * classes));
        }

        return all;
    }

    static double Median(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
