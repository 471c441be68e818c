using ServeFlow.Cascade.Scoring;
using ServeFlow.Cli.Terminal;
using ServeFlow.Onnx;
using ServeFlow.Onnx.Trees;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>
/// Measures models of many shapes on this machine and finds the constants that the cost of any model is estimated by.
/// </summary>
/// <param name="seed">The seed of the models and rows.</param>
sealed class CostBench(int seed)
{
    /// <summary>Shapes of forests: columns, of one or two packets, classes, rounds and leaves.</summary>
    static readonly (int Columns, int Classes, int Rounds, int Leaves)[] Shapes =
    [
        (256, 4, 1, 16), (1024, 4, 1, 256), (256, 4, 40, 31), (512, 11, 20, 31), (512, 20, 30, 31), (2048, 4, 1, 64),
        (2048, 4, 20, 31), (2048, 11, 10, 15), (512, 4, 60, 7), (512, 4, 6, 255), (1024, 2, 1, 1000),
    ];

    /// <summary>Shapes whose forests ONNX Runtime is timed on; it takes a hundred times as long.</summary>
    const int ForeignShapes = 3;

    const int Rows = 4096;

    /// <summary>Lasts long enough for some batches, in each of the timer's rounds.</summary>
    static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    public CostConstants Run(ProgressLine line, CancellationToken cancel)
    {
        var (forests, foreign) = (new List<(double[] Counts, double Ns)>(), new List<(double[] Counts, double Ns)>());
        foreach (var (number, shape) in Shapes.Index())
        {
            var progress = line.Adapt<TrainingProgress>(part =>
                ((number + part.Done) / Shapes.Length, $"model {number + 1} of {Shapes.Length}"));
            var model = BenchModel.Train(shape.Columns, shape.Classes, shape.Rounds, shape.Leaves, seed, progress,
                cancel);
            var rows = new BenchRows(new RandomHeaders(seed, complete: true).Draw(Rows, model.Depth, cancel),
                model.Schema, model.Columns, cancel);
            forests.Add(TimeForest(model, rows, cancel));
            if (number < ForeignShapes)
            {
                foreign.Add(TimeForeign(model, rows, cancel));
            }
        }

        return Constants(forests, foreign);
    }

    static CostConstants Constants(List<(double[] Counts, double Ns)> forests,
        List<(double[] Counts, double Ns)> foreign)
    {
        var prices = Fit(forests);
        var others = Fit(foreign);
        return new(Math.Max(Round(prices[0]), 1), Round(prices[1]), Round(prices[2]), Round(prices[3]),
            Round(prices[4]), Round(others[0]), Round(others[1]));
    }

    static double[] Fit(List<(double[] Counts, double Ns)> times) =>
        CostFit.Fit([.. times.Select(t => t.Counts)], [.. times.Select(t => t.Ns)]);

    static (double[] Counts, double Ns) TimeForest(BenchModel model, BenchRows rows, CancellationToken cancel)
    {
        var compiled = new CompiledModel(model.Forest, model.Schema, model.Depth, model.Source);
        using var engine = new BitSlicedEngine(compiled, rows, IBatchScorer.Capacity);
        var work = compiled.Work;
        return ([1, model.Depth, work.Planes, work.Nodes, work.Trees], Time(engine, rows, cancel));
    }

    static (double[] Counts, double Ns) TimeForeign(BenchModel model, BenchRows rows, CancellationToken cancel)
    {
        var file = OnnxForestWriter.Write(model.Forest);
        using var onnx = OnnxModel.Load(file, model.Source);
        using var engine = new OnnxEngine(onnx, rows, IBatchScorer.Capacity);
        return ([model.Columns.Length, file.Length], Time(engine, rows, cancel));
    }

    /// <summary>Gets the best round: everything that disturbs one makes it slower.</summary>
    static double Time(IEngine engine, BenchRows rows, CancellationToken cancel) =>
        EngineTimer.Time([engine], rows.Count, Slice, new Progress<double>(), cancel)[0].Min();

    /// <summary>Rounds to three digits: more are chance.</summary>
    static double Round(double value) => value == 0 ? 0
        : double.Parse(value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}
