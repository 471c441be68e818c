using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Telemetry;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Reads one capture after the other and collects its units; no flow spans two captures, unless they are joined.
/// </summary>
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

    /// <summary>Gets the packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored => collector.Ignored;

    /// <summary>Reads a capture to its end; returns the number of its flows.</summary>
    public long Read(CapturePath capture, ICaptureLabels labels, ReadMeter meter, CancellationToken cancel)
    {
        var before = collector.Created;
        candidates.BeginCapture(labels);
        Add(collector.Read(capture, meter, cancel));
        return collector.Created - before;
    }

    /// <summary>Reads captures as one, in the order of time.</summary>
    /// <param name="begin">Told the name of each capture before its first packet.</param>
    public void ReadJoined(IReadOnlyList<CapturePath> captures, ICaptureLabels labels, Action<string> begin,
        ReadMeter meter, CancellationToken cancel)
    {
        candidates.BeginCapture(labels);
        foreach (var outcome in collector.ReadJoined(captures, begin, meter, cancel))
        {
            Add(outcome);
        }
    }

    void Add(CaptureOutcome outcome)
    {
        files.Add(outcome);
        if (outcome is { IsOpened: true, Problem: { } damage })
        {
            Damaged.Add(damage);
        }
    }
}
