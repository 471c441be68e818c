using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;
using ServeFlow.Units;

namespace ServeFlow.Cli.Matrices;

/// <summary>Captures as a feature matrix: a row per flow, or per window of one.</summary>
static class FlowMatrix
{
    public static FeaturesSummary Write(FeaturesOptions options, CancellationToken cancel)
    {
        var schema = FeatureSchema.Parse(options.Set, options.Mask);
        var captures = CaptureSet.Find(options.Path).Captures;
        var layout = new MatrixLayout(schema, options.Packets, HasLabels: options.Labels is not null,
            HasWindows: options.Window is not null)
        {
            // Standard input has no file to hash.
            Captures = options.Format == "npz" && options.Path != CaptureFile.StandardInput
                ? CaptureTable.Create(options, schema, captures, cancel)
                : new Dictionary<string, MatrixCapture>(),
        };
        var labels = options.Labels is { } file ? FlowLabeller.Read(file, options.Path, captures) : null;
        using var output = new OutputFile(options.Output, [options.Labels, .. captures.Select(c => c.Path)]);
        using var writer = Open(options.Format, output, layout);
        var rows = new RowWriter(writer, layout);
        var labelled = labels is null ? null : new LabelledRowWriter(rows, labels);
        var summary = new FeaturesSummary { Output = options.Output, Schema = schema.Hash, Columns = layout.Columns };
        ReadAll(captures, (IRowReceiver?)labelled ?? rows, options, summary, cancel);
        (summary.Rows, summary.Unlabelled) = (rows.Rows, labelled?.Unlabelled ?? 0);
        ThrowIfNothing(options, summary, labels);
        writer.Complete();
        output.Complete();
        return summary;
    }

    static IMatrixWriter Open(string format, OutputFile output, MatrixLayout layout) => format switch
    {
        "npz" => new NpzMatrixWriter(output.Stream, layout, output.Directory),
        "parquet" => new ParquetMatrixWriter(output.Stream, layout),
        _ => new CsvMatrixWriter(output.Stream, layout),
    };

    static void ReadAll(IReadOnlyList<CapturePath> captures, IRowReceiver receiver, FeaturesOptions options,
        FeaturesSummary summary, CancellationToken cancel)
    {
        // The seed decides in no way which flows there are; a fixed one makes two runs alike in every detail.
        var collector = new UnitCollector(new(options.Packets, options.WaitLimit, new(options.Window)),
            new() { HashSeed = 1 }, receiver);
        using var progress = new ProgressLine();
        foreach (var (place, path) in captures.Index())
        {
            if (captures.Count > 1)
            {
                progress.Report((double)place / captures.Count, "reading captures");
            }

            receiver.BeginCapture(place, path.Name);
            summary.Add(collector.Read(path, meter: null, cancel));
        }

        summary.Ignored.Add(collector.Ignored);
        summary.Untracked.Add(collector.Untracked);
    }

    /// <exception cref="InputException">Not one row came of it.</exception>
    static void ThrowIfNothing(FeaturesOptions options, FeaturesSummary summary, FlowLabeller? labels)
    {
        if (summary.Rows > 0)
        {
            return;
        }

        if (summary.Unlabelled > 0 && labels is not null)
        {
            throw new InputException($"{options.Labels}: none of its {labels.Rows + labels.RowsElsewhere} rows matches "
                + $"one of the {summary.Unlabelled} flows in {options.Path} ({labels.RowsElsewhere} rows name captures "
                + $"that were not read, {labels.Conflicts} flows have contradicting labels); check the pcap column and "
                + "the five-tuples");
        }

        throw new InputException($"{options.Path}: no flow in {summary.Captures} captures with {summary.Packets} packets"
            + $"{summary.ExplainIgnored()}; give captures that hold IP packets");
    }
}
