using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Training.Datasets;

/// <summary>Reads one capture after the other through a flow table of its own each: no flow spans two
/// captures.</summary>
sealed class CaptureReader(FlowOptions options, FlowCollector collector)
{
    readonly PacketBurst burst = new();
    readonly Tally<IgnoreReason> ignored = new();

    public long Packets { get; private set; }

    public long Flows { get; private set; }

    /// <summary>One line for each damaged capture.</summary>
    public List<string> Damaged { get; } = [];

    /// <summary>Packets that belong to no flow, by reason.</summary>
    public Tally<IgnoreReason> Ignored => ignored;

    /// <summary>Reads a capture to its end; returns the number of its flows.</summary>
    /// <param name="progress">Told of the bytes that were read.</param>
    public long Read(CapturePath path, ICaptureLabels labels, Action<long> progress, CancellationToken cancel)
    {
        using var capture = CaptureFile.Open(path.Path);
        var table = new FlowTable<CollectorListener>(options, new(collector));
        var (fromNs, toNs) = (long.MaxValue, long.MinValue);
        while (capture.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            progress(capture.Bytes);
            foreach (ref readonly var packet in burst.Packets)
            {
                fromNs = Math.Min(fromNs, packet.TimestampNs);
                toNs = Math.Max(toNs, packet.TimestampNs);
                Track(table, packet, labels);
            }
        }

        table.EndAll(EndReason.ForcedEnd);
        labels.Resolve(collector.Candidates, fromNs, toNs);
        Packets += capture.Packets;
        Flows += table.Created;
        if (capture.DescribeDamage() is { } damage)
        {
            Damaged.Add(damage);
        }

        return table.Created;
    }

    void Track(FlowTable<CollectorListener> table, in PacketSlot packet, ICaptureLabels labels)
    {
        if (!PacketDecoder.TryDecode(packet, out var headers, ignored))
        {
            return;
        }

        var index = table.Track(packet, headers, out var forward, out var isNew);
        if (index < 0)
        {
            return;
        }

        ref var flow = ref table[index];
        if (isNew)
        {
            collector.Begin(ref flow, labels);
        }

        collector.Add(ref flow, packet, headers, forward);
    }
}
