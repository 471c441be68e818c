using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Serving.Sensors;

/// <summary>Says which flows' packets a sensor keeps, and where.</summary>
public sealed record FlowDumpOptions
{
    /// <summary>Gets the filters, any of which chooses a flow.</summary>
    public required IReadOnlyList<AnswerFilter> Filters { get; init; }

    public required PcapDumpOptions Files { get; init; }

    /// <summary>Gets the number of bytes per worker for the packets of flows that have no answer yet.</summary>
    public int KeepBytes { get; init; } = 64 << 20;

    /// <summary>Gets the number of bytes per worker for packets on their way to the file.</summary>
    public int QueueBytes { get; init; } = 16 << 20;
}

/// <summary>
/// Counts what became of the packets of chosen flows: each is in exactly one of these once the sensor has stopped.
/// </summary>
/// <param name="Written">Packets in files.</param>
/// <param name="Missed">Packets that had been overwritten when their flow's answer came.</param>
/// <param name="Lost">Packets that found the queue full.</param>
/// <param name="Failed">Packets that the disk did not take.</param>
public sealed record FlowDumpStatistics(long Written, long Missed, long Lost, long Failed);
