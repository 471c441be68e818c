using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>Reads one capture after the other and collects its units; no flow spans two captures.</summary>
/// <param name="files">Counts what becomes of each capture.</param>
sealed class CaptureReader(CollectionRule rule, FlowOptions options, FlowCollector candidates, CaptureAccount files)
{
    readonly UnitCollector collector = new(rule, options, candidates);

    public long Packets => collector.Received;

    public long Flows => collector.Created;

    /// <summary>Gets one line for each damaged capture.</summary>
    public List<string> Damaged { get; } = [];

    /// <summary>Reports what has been read so far.</summary>
    public TrafficReport Traffic => collector.Traffic;

    /// <summary>Packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored => collector.Ignored;

    /// <summary>Reads a capture to its end; returns the number of its flows.</summary>
    public long Read(CapturePath capture, ICaptureLabels labels, ReadMeter meter, CancellationToken cancel)
    {
        var before = collector.Created;
        candidates.BeginCapture(labels);
        var outcome = collector.Read(capture, meter, cancel);
        files.Add(outcome);
        if (outcome is { IsOpened: true, Problem: { } damage })
        {
            Damaged.Add(damage);
        }

        return collector.Created - before;
    }
}
