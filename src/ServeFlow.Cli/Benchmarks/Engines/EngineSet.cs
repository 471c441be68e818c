using ServeFlow.Cascade.Scoring;
using ServeFlow.Onnx;
using ServeFlow.Onnx.Trees;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents the engines that were asked for, each at several batch sizes, on the same trees and
/// rows.</summary>
sealed class EngineSet : IDisposable
{
    /// <summary>Lists serving's batches: what has gathered, at most <see cref="IBatchScorer.Capacity"/>.</summary>
    static readonly int[] ServingBatches = [1, 4, 16, 64, IBatchScorer.Capacity];

    /// <summary>LightGBM's first is its single-row call; its batch call hardly depends on the batch.</summary>
    static readonly int[] LightGbmBatches = [1, 64, 512, 4096];

    static readonly int[] OnnxBatches = [1, 8, 64, 512, 4096];

    readonly BenchModel model;
    readonly BenchRows rows;
    readonly List<IEngine> engines = [];
    OnnxModel? onnx;

    public EngineSet(BenchModel model, BenchRows rows, IReadOnlyCollection<string> names)
    {
        (this.model, this.rows) = (model, rows);
        foreach (var name in Names.Where(names.Contains))
        {
            Add(name);
        }
    }

    /// <summary>Lists the engines that there are.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        BitSlicedEngine.EngineName, ReferenceEngine.EngineName, LightGbmEngine.EngineName, OnnxEngine.EngineName,
    ];

    public IReadOnlyList<IEngine> Engines => engines;

    public void Dispose()
    {
        engines.ForEach(engine => engine.Dispose());
        onnx?.Dispose();
    }

    void Add(string name)
    {
        switch (name)
        {
            case BitSlicedEngine.EngineName:
                var compiled = new CompiledModel(model.Forest, model.Schema, model.Depth, model.Source);
                Add(ServingBatches, batch => new BitSlicedEngine(compiled, rows, batch));
                break;
            case ReferenceEngine.EngineName:
                Add([IBatchScorer.Capacity], batch => new ReferenceEngine(model.Forest, rows, batch));
                break;
            case LightGbmEngine.EngineName:
                Add(LightGbmBatches, batch => new LightGbmEngine(model, rows, batch));
                break;
            default:
                onnx = OnnxModel.Load(OnnxForestWriter.Write(model.Forest), model.Source);
                Add(OnnxBatches, batch => new OnnxEngine(onnx, rows, batch));
                break;
        }
    }

    void Add(int[] batches, Func<int, IEngine> create) =>
        engines.AddRange(batches.Where(batch => batch <= rows.Count || batch == batches[0]).Select(create));
}
