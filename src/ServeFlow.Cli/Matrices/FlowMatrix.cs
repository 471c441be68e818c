using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Training.Datasets;

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
        ReadAll(captures, (IFlowReceiver?)labelled ?? rows, options, summary, cancel);
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

    static void ReadAll(IReadOnlyList<CapturePath> captures, IFlowReceiver receiver, FeaturesOptions options,
        FeaturesSummary summary, CancellationToken cancel)
    {
        using var progress = new ProgressLine();
        foreach (var (place, path) in captures.Index())
        {
            if (captures.Count > 1)
            {
                progress.Report((double)place / captures.Count, "reading captures");
            }

            using var capture = CaptureFile.Open(path.Path);
            receiver.BeginCapture(place, path.Name);
            Read(capture, new FlowGatherer(options.Packets, new(options.Window), receiver), receiver, summary, cancel);
            summary.Add(capture);
        }
    }

    static void Read(CaptureFile capture, FlowGatherer gatherer, IFlowReceiver receiver, FeaturesSummary summary,
        CancellationToken cancel)
    {
        var burst = new PacketBurst();
        var (fromNs, toNs) = (long.MaxValue, long.MinValue);
        while (capture.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (ref readonly var packet in burst.Packets)
            {
                fromNs = Math.Min(fromNs, packet.TimestampNs);
                toNs = Math.Max(toNs, packet.TimestampNs);
                if (PacketDecoder.TryDecode(packet, out var headers, summary.Ignored))
                {
                    gatherer.Add(packet, headers);
                }
            }
        }

        gatherer.End();
        summary.Untracked.Add(gatherer.Untracked);
        receiver.EndCapture(fromNs, toNs);
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
