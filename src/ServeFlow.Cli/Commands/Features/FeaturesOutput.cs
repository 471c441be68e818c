using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Features.Matrices;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Matrices;

namespace ServeFlow.Cli.Commands.Features;

/// <summary>Writes what the <c>features</c> verb was asked for to its file.</summary>
static class FeaturesOutput
{
    /// <summary>Writes a row per flow, or per window of one.</summary>
    public static MatrixSummary WriteMatrix(FeaturesOptions options, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var progress = line.Adapt<DataSetProgress>(p => (p.Done, "reading captures"));
        var matrix = FlowMatrix.Open(Request(options), progress, cancel);
        using var output = new OutputFile(options.Output, matrix.Inputs);
        using var writer = Open(options, output, matrix.Layout);
        var summary = matrix.Write(writer, progress, cancel);
        output.Complete();
        return summary;
    }

    /// <summary>Writes nPrint's own text, a row per packet.</summary>
    public static MatrixSummary WriteNPrint(FeaturesOptions options, CancellationToken cancel)
    {
        var captures = CaptureSet.Find(options.Path, options.Expansion, cancel);
        using var output = new OutputFile(options.Output, captures.Captures.Select(c => c.Path));
        var schema = FeatureSchema.Parse(options.Set, options.MaskIsGiven ? options.Mask : "none");
        var summary = NPrintText.Write(options.Path, captures, schema, output.Stream, cancel);
        output.Complete();
        return summary;
    }

    static MatrixRequest Request(FeaturesOptions options) => new()
    {
        Path = options.Path,
        Expansion = options.Expansion,
        Labels = options.Labels,
        LabelShift = options.LabelShift,
        JoinsCaptures = options.Join,
        Schema = FeatureSchema.Parse(options.Set, options.Mask),
        Packets = options.Packets,
        Window = options.Window,
        WaitLimit = options.WaitLimit,
        Flows = options.Flows.ForReading(options.Packets),
        DescribesCaptures = options.Format == "npz",
        HoldOut = options.HoldOut,
        Calibrate = options.Calibrate,
        Seed = options.Seed,
    };

    static IMatrixWriter Open(FeaturesOptions options, OutputFile output, MatrixLayout layout) => options.Format switch
    {
        "npz" => new NpzMatrixWriter(output.Stream, layout, output.Directory),
        "parquet" => new ParquetMatrixWriter(output.Stream, layout),
        _ => new CsvMatrixWriter(output.Stream, layout, options.HasSafeCells),
    };
}
