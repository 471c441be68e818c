using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Holds what <c>bench model</c> found.</summary>
/// <param name="Planes">Nanoseconds a flow of the bit-sliced engine's first part, full batches: records to planes.
/// </param>
sealed record ModelBenchResult(BenchModel Model, int Rows, string? Captures, IReadOnlyList<EngineTime> Times,
    double Planes)
{
    public ModelBenchDocument ToDocument() => new(
        CpuName.Value,
        new(Model.Forest.Trees.Count, Model.MaxLeaves, Model.Columns.Length, Model.Forest.Classes,
            Model.Forest.Trees.Sum(tree => tree.LeafValues.Length), Model.Forest.UsedColumns.Count, Model.Source),
        Rows,
        Captures ?? "random headers",
        EngineTimer.Rounds,
        [.. Times.Select(time => new EngineDocument(time.Engine, time.Isa, time.Batch, Math.Round(time.Best, 1),
            Math.Round(time.Median, 1), time.LargestDifference, time.Covers))],
        Math.Round(Planes, 1),
        new(Speedups.Select(speedup => KeyValuePair.Create(speedup.Name,
            speedup.Times is { } times ? Math.Round(times, 2) : (double?)null))));

    public string ToText()
    {
        var table = new TextTable("engine", "isa", "batch", "ns/flow", "median", "max |Δp|");
        foreach (var time in Times)
        {
            table.Add(time.Engine, time.Isa, $"{time.Batch}", NumberText.Count(time.Best),
                NumberText.Count(time.Median), $"{time.LargestDifference:0.0E+0}");
        }

        var covers = Times.Select(time => $"{time.Engine}: {time.Covers}").Distinct();
        var speedups = Speedups.Where(speedup => speedup.Times is not null)
            .Select(speedup => $"{speedup.Times:N1}x {speedup.Name}");
        var (forest, columns) = (Model.Forest, Model.Columns.Length);
        return $"""
            {CpuName.Value}, one thread
            {forest.Trees.Count:N0} trees of at most {Model.MaxLeaves} leaves, {forest.Classes} classes: {Model.Source}
            {forest.UsedColumns.Count:N0} of {columns:N0} columns used
            {Rows:N0} rows ({Captures ?? "random headers"}), best and median of {EngineTimer.Rounds} rounds in turn

            {table}
            {string.Join('\n', covers)}
            header records to bit planes alone: {Planes:N0} ns a flow in full batches
            bitsliced at its best batch: {string.Join(", ", speedups)}
            """;
    }

    /// <summary>Their best time ÷ ours; null where either was not measured.</summary>
    IEnumerable<(string Name, double? Times)> Speedups =>
    [
        ("lightgbm_single", SpeedupOver(time => time.Engine == LightGbmEngine.EngineName && time.Batch == 1)),
        ("lightgbm_batch", SpeedupOver(time => time.Engine == LightGbmEngine.EngineName && time.Batch > 1)),
        ("onnxruntime", SpeedupOver(time => time.Engine == OnnxEngine.EngineName)),
        ("reference", SpeedupOver(time => time.Engine == ReferenceEngine.EngineName)),
    ];

    double? SpeedupOver(Func<EngineTime, bool> theirs) =>
        Best(theirs) / Best(time => time.Engine == BitSlicedEngine.EngineName);

    double? Best(Func<EngineTime, bool> which) =>
        Times.Where(which).Select(time => (double?)time.Best).DefaultIfEmpty(null).Min();
}

/// <summary>Represents the object that <c>bench model --json</c> prints.</summary>
sealed record ModelBenchDocument(string Cpu, BenchedModel Model, int Rows, string RowsFrom, int Rounds,
    IReadOnlyList<EngineDocument> Engines, double PlanesNsPerFlow, OrderedDictionary<string, double?> Speedup);

/// <summary>Represents the size of the model that was timed, and where it came from.</summary>
sealed record BenchedModel(int Trees, int Leaves, int Columns, int Classes, int LeavesOfAllTrees, int ColumnsUsed,
    string Source);

/// <summary>Holds one engine's times at one batch size.</summary>
sealed record EngineDocument(string Engine, string Isa, int Batch, double NsPerFlow, double NsPerFlowMedian,
    double MaxAbsDiff, string Covers);
