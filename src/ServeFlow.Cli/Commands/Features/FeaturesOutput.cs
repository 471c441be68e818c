using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Matrices;
using ServeFlow.Features.Matrices;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Matrices;

namespace ServeFlow.Cli.Commands.Features;

/// <summary>Writes what the <c>features</c> verb was asked for to its file.</summary>
/// <param name="path">The file; null or <c>-</c> is standard output.</param>
/// <param name="format"><c>csv</c>, <c>npz</c>, <c>parquet</c> or <c>nprint</c>.</param>
/// <param name="hasSafeCells">Whether names in CSV that a spreadsheet would run as a formula are neutralised.</param>
sealed class FeaturesOutput(string? path, string format, bool hasSafeCells)
{
    public MatrixSummary Write(MatrixRequest request, CancellationToken cancel) =>
        format == "nprint" ? WriteNPrint(request, cancel) : WriteMatrix(request, cancel);

    /// <summary>Writes a row per flow, or per window of one.</summary>
    MatrixSummary WriteMatrix(MatrixRequest request, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var progress = line.Adapt<DataSetProgress>(p => (p.Done, "reading captures"));
        var matrix = FlowMatrix.Open(request, progress, cancel);
        using var output = new OutputFile(path, matrix.Inputs);
        using var writer = Open(output, matrix.Layout);
        var summary = matrix.Write(writer, progress, cancel);
        output.Complete();
        return summary;
    }

    /// <summary>Writes nPrint's own text, a row per packet.</summary>
    MatrixSummary WriteNPrint(MatrixRequest request, CancellationToken cancel)
    {
        var captures = CaptureSet.Find(request.Path, request.Expansion, cancel);
        using var output = new OutputFile(path, captures.Captures.Select(c => c.Path));
        var summary = NPrintText.Write(request.Path, captures, request.Schema, output.Stream, cancel);
        output.Complete();
        return summary;
    }

    IMatrixWriter Open(OutputFile output, MatrixLayout layout) => format switch
    {
        "npz" => new NpzMatrixWriter(output.Stream, layout, output.Directory),
        "parquet" => new ParquetMatrixWriter(output.Stream, layout),
        _ => new CsvMatrixWriter(output.Stream, layout, hasSafeCells),
    };
}
