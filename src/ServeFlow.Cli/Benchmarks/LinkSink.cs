using HdrHistogram;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Serving.Sources;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Times every answer from the kernel's time stamp of the packet that settled it to the moment at which its record was
/// written by the sink behind.
/// </summary>
sealed class LinkSink(IRecordSink sink) : IRecordSink
{
    /// <summary>A minute.</summary>
    const long HighestUs = 60_000_000;

    const int Digits = 3;

    readonly List<(long SettledNs, bool IsFirst)> waiting = [];
    long fromNs = long.MaxValue;

    /// <summary>Gets the µs of all flows that their packets settled, not the end of a wait.</summary>
    public LongHistogram All { get; } = new(HighestUs, Digits);

    /// <summary>Gets the µs of flows that were answered from their first packet.</summary>
    public LongHistogram FirstPacket { get; } = new(HighestUs, Digits);

    /// <summary>Gets the flows whose first packet came when it was timed.</summary>
    public long Flows { get; private set; }

    public int Lookahead => sink.Lookahead;

    public long Pending => sink.Pending;

    /// <summary>Counts from now on; what is under way does not count. From any thread.</summary>
    public void Begin() => Volatile.Write(ref fromNs, SensorSource.ClockNs());

    public void BeginCapture(string name) => sink.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        sink.Write(record);
        ref readonly var answer = ref record.Classification;
        if (record.Kind != RecordKind.Prediction || answer.FirstNs < Volatile.Read(ref fromNs))
        {
            return;
        }

        Flows++;
        if (answer.Reason is DecisionReason.Confident or DecisionReason.Escalated)
        {
            waiting.Add((answer.DecidedNs, answer.DecidedNs == answer.FirstNs));
        }
    }

    public void Flush()
    {
        sink.Flush();
        var nowNs = SensorSource.ClockNs();
        foreach (var (settledNs, isFirst) in waiting)
        {
            var us = Math.Clamp((nowNs - settledNs) / 1000, 0, HighestUs);
            All.RecordValue(us);
            if (isFirst)
            {
                FirstPacket.RecordValue(us);
            }
        }

        waiting.Clear();
    }

    public void Dispose() => sink.Dispose();
}
