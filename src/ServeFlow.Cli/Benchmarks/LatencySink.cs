using System.Diagnostics;
using HdrHistogram;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Times every answer from the moment at which the flow's first packet was due, so that nothing is left out that
/// waited because something before it was slow.
/// </summary>
/// <param name="startTicks">When the packet of <paramref name="firstNs"/> was due, by the stopwatch.</param>
sealed class LatencySink(long startTicks, long firstNs) : IRecordSink
{
    /// <summary>An hour; waits are at most a minute.</summary>
    const long HighestUs = 3_600_000_000;

    const int Digits = 3;

    /// <summary>µs, of all flows.</summary>
    public LongHistogram All { get; } = new(HighestUs, Digits);

    /// <summary>µs, of flows that were answered from their first packet.</summary>
    public LongHistogram FirstPacket { get; } = new(HighestUs, Digits);

    public long Under1Ms { get; private set; }

    public long Under16Ms { get; private set; }

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind != RecordKind.Prediction)
        {
            return;
        }

        var nowNs = firstNs + (long)Stopwatch.GetElapsedTime(startTicks).TotalNanoseconds;
        var us = Math.Clamp((nowNs - record.Classification.FirstNs) / 1000, 0, HighestUs);
        All.RecordValue(us);
        Under1Ms += us < 1000 ? 1 : 0;
        Under16Ms += us < 16_000 ? 1 : 0;
        if (record.Classification.DecidedNs == record.Classification.FirstNs)
        {
            FirstPacket.RecordValue(us);
        }
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
