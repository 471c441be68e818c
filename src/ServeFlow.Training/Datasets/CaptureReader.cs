using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>Reads one capture after the other and collects its units; no flow spans two captures.</summary>
sealed class CaptureReader(CollectionRule rule, FlowOptions options, FlowCollector candidates)
{
    readonly UnitCollector collector = new(rule, options, candidates);
    readonly PacketBurst burst = new();

    public long Packets => collector.Received;

    public long Flows => collector.Created;

    /// <summary>One line for each damaged capture.</summary>
    public List<string> Damaged { get; } = [];

    /// <summary>Packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored => collector.Ignored;

    /// <summary>Reads a capture to its end; returns the number of its flows.</summary>
    /// <param name="progress">Told of the bytes that were read.</param>
    public long Read(CapturePath path, ICaptureLabels labels, Action<long> progress, CancellationToken cancel)
    {
        using var capture = CaptureFile.Open(path.Path);
        var before = collector.Created;
        candidates.BeginCapture(labels);
        while (capture.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            progress(capture.Bytes);
            collector.Take(burst.Packets);
        }

        collector.Finish();
        if (capture.DescribeDamage() is { } damage)
        {
            Damaged.Add(damage);
        }

        return collector.Created - before;
    }
}
