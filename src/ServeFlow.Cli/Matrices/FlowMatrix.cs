using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Cli.Matrices;

/// <summary>Captures as a feature matrix: a row per flow, in the order in which the flows were complete.</summary>
static class FlowMatrix
{
    public static FeaturesSummary Write(FeaturesOptions options, CancellationToken cancel)
    {
        var layout = new MatrixLayout(FeatureSchema.Parse(options.Set, options.Mask), options.Packets, HasLabels: false);
        var captures = CaptureSet.Find(options.Path);
        using var output = new OutputFile(options.Output);
        using var writer = Open(options.Format, output, layout);
        var summary = new FeaturesSummary
        {
            Output = options.Output,
            Schema = layout.Schema.Hash,
            Columns = layout.Columns,
        };
        var rows = new RowWriter(writer, layout);
        foreach (var path in captures.Captures)
        {
            using var capture = CaptureFile.Open(path.Path);
            rows.Capture = path.Name;
            Read(capture, new FlowGatherer(options.Packets, rows), summary, cancel);
            summary.Add(capture);
        }

        summary.Rows = rows.Count;
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

    static void Read(CaptureFile capture, FlowGatherer gatherer, FeaturesSummary summary, CancellationToken cancel)
    {
        var burst = new PacketBurst();
        while (capture.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (ref readonly var packet in burst.Packets)
            {
                if (PacketDecoder.TryDecode(packet, out var headers, summary.Ignored))
                {
                    gatherer.Add(packet, headers);
                }
            }
        }

        gatherer.End();
    }
}
