using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Matrices;

/// <summary>Captures as nPrint's own text: a row per packet.</summary>
public static class NPrintText
{
    /// <param name="path">What was given, for messages.</param>
    /// <param name="asked">Only its header bits are written: the format has no place for packet features.</param>
    /// <exception cref="InputException">There is no packet in the captures, or no header bit in the set.</exception>
    public static MatrixSummary Write(string path, CaptureSet captures, FeatureSchema asked, Stream output,
        CancellationToken cancel = default)
    {
        if (asked.Set.StartsWith(FeatureSchema.NoHeaders, StringComparison.Ordinal))
        {
            throw new InputException($"feature set '{asked.Set}' sees no headers, and nPrint's text has nothing else; "
                + "name some, such as nprint:ip4,tcp,udp, or choose another format");
        }

        var schema = FeatureSchema.Parse(asked.Set.Split('+')[0], asked.Mask);
        var summary = new MatrixSummary(captures.Skipped)
        {
            Schema = schema.Hash,
            Columns = schema.ColumnsPerPacket,
        };
        var writer = new NPrintWriter(output, schema);
        writer.WriteHeader();
        foreach (var item in captures.Captures)
        {
            using var capture = new CaptureSequence([item]);
            Write(capture, writer, cancel);
            summary.Add(item.IsFound ? capture.Latest : capture.Latest.ThrowIfNotOpened());
        }

        (summary.Rows, summary.Omitted) = (writer.Rows, writer.Omitted);
        return summary.Packets > 0 ? summary : throw new InputException(summary.NoPacket(path));
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
