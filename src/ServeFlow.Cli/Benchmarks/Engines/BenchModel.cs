using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents the trees that all engines evaluate, and where their columns come from.</summary>
sealed class BenchModel
{
    /// <summary>Specifies the number of packets that a model file's columns may reach: the deepest a bundle may
    /// have.</summary>
    const int MaxPackets = BundleLimits.MaxPackets;

    /// <summary>Specifies the number of rows to train on: enough for full trees, few enough for seconds.</summary>
    const int TrainingRows = 4_096;

    /// <summary>Specifies the number of columns that tell a class from the others.</summary>
    const int SignsOfClass = 12;

    /// <summary>IPv4, TCP and UDP, nothing masked: 1,024 bits a packet.</summary>
    static readonly FeatureSchema Bits = FeatureSchema.Parse("paper", "none");

    public required Forest Forest { get; init; }

    /// <summary>LightGBM's text of the same forest.</summary>
    public required string Text { get; init; }

    public required FeatureSchema Schema { get; init; }

    /// <summary>Schema number of each of the forest's columns.</summary>
    public required int[] Columns { get; init; }

    /// <summary>Gets the number of packets that the columns need.</summary>
    public required int Depth { get; init; }

    /// <summary>Gets whether rows have no absent header: columns are 0 or 1.</summary>
    public required bool IsBinary { get; init; }

    /// <summary>Gets where the model comes from, for people.</summary>
    public required string Source { get; init; }

    public int MaxLeaves => Forest.Trees.Max(tree => tree.LeafValues.Length);

    /// <summary>Trains trees of the asked shape on random headers with made-up labels.</summary>
    public static BenchModel Train(int columns, int classes, int rounds, int leaves, int seed,
        IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var depth = (columns + Bits.ColumnsPerPacket - 1) / Bits.ColumnsPerPacket;
        int[] numbers = [.. Enumerable.Range(0, columns)];
        progress.Report(new(0, "drawing rows"));
        var headers = new RandomHeaders(seed, complete: true).Draw(TrainingRows, depth, cancel);
        var rows = new BenchRows(headers, Bits, numbers, cancel);
        var text = new MatrixBoosting
        {
            ColumnNames = [.. numbers.Select(Bits.ColumnName)],
            Classes = classes,
            Rounds = rounds,
            Leaves = leaves,
            Seed = seed,
        }.Train(rows.Range(0, rows.Count).ToArray(), Labels(rows, classes, new Random(seed)), progress, cancel);
        return new()
        {
            Forest = LightGbmText.Read(text, "trained model"),
            Text = text,
            Schema = Bits,
            Columns = numbers,
            Depth = depth,
            IsBinary = true,
            Source = $"trained by LightGBM on {TrainingRows:N0} random rows with made-up labels",
        };
    }

    /// <summary>Reads a model file whose columns are named as features are.</summary>
    /// <exception cref="InputException">It is no model, or its columns are no features.</exception>
    public static BenchModel Read(string path)
    {
        var text = ModelText.Read(path);
        var forest = LightGbmText.Read(text, path);
        var all = FeatureSchema.DefaultSet + "+size+iat";
        var masked = FeatureSchema.Parse(all);
        var schema = forest.ColumnNames.All(name => masked.TryFindColumn(name, MaxPackets, out _))
            ? masked
            : FeatureSchema.Parse(all, "none");
        int[] columns = [.. forest.ColumnNames.Select(name => Column(schema, name, path))];
        return new()
        {
            Forest = forest,
            Text = text,
            Schema = schema,
            Columns = columns,
            Depth = (columns.Max() / schema.ColumnsPerPacket) + 1,
            IsBinary = false,
            Source = path,
        };
    }

    static int Column(FeatureSchema schema, string name, string path) =>
        schema.TryFindColumn(name, MaxPackets, out var column)
            ? column
            : throw new InputException($"{path}: feature_names: '{name}' is no column of header bits such as "
                + "p1_ipv4_ttl_3; give a model that was trained on columns of 'serveflow features'");

    /// <summary>A class is the more likely the more of its columns are set; a tenth of the labels are any.</summary>
    static float[] Labels(BenchRows rows, int classes, Random random)
    {
        var signs = Enumerable.Range(0, classes)
            .Select(_ => Enumerable.Range(0, SignsOfClass).Select(_ => random.Next(rows.Columns)).ToArray()).ToArray();
        var labels = new float[rows.Count];
        for (var r = 0; r < labels.Length; r++)
        {
            var row = rows.Range(r, 1);
            labels[r] = random.Next(10) == 0
                ? random.Next(classes)
                : Array.IndexOf(signs, signs.MaxBy(s => s.Sum(c => row.Span[c]) + random.NextDouble()));
        }

        return labels;
    }
}
