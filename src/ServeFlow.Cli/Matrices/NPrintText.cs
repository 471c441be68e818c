using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Cli.Matrices;

/// <summary>Captures as nPrint's own text: a row per packet.</summary>
static class NPrintText
{
    public static FeaturesSummary Write(FeaturesOptions options, CancellationToken cancel)
    {
        var schema = SchemaOf(options);
        var captures = CaptureSet.Find(options.Path);
        using var output = new OutputFile(options.Output, captures.Captures.Select(c => c.Path));
        var summary = new FeaturesSummary
        {
            Output = options.Output,
            Schema = schema.Hash,
            Columns = schema.ColumnsPerPacket,
        };
        var writer = new NPrintWriter(output.Stream, schema);
        writer.WriteHeader();
        foreach (var path in captures.Captures)
        {
            using var capture = new CaptureSequence([path]);
            Write(capture, writer, cancel);
            summary.Add(capture.Latest.ThrowIfNotOpened());
        }

        (summary.Rows, summary.Omitted) = (writer.Rows, writer.Omitted);
        if (summary.Packets == 0)
        {
            throw new InputException(summary.NoPacket(options.Path));
        }

        output.Complete();
        return summary;
    }

    /// <summary>The header bits that were asked for: the format has no place for packet features, and the program
    /// masks nothing.</summary>
    static FeatureSchema SchemaOf(FeaturesOptions options)
    {
        var asked = FeatureSchema.Parse(options.Set, options.MaskIsGiven ? options.Mask : "none");
        return FeatureSchema.Parse(asked.Set.Split('+')[0], asked.Mask);
    }

    static void Write(IPacketSource capture, NPrintWriter writer, CancellationToken cancel)
    {
        var burst = new PacketBurst();
        while (capture.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (ref readonly var packet in burst.Packets)
            {
                writer.Write(packet);
            }
        }
    }
}
