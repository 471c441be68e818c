using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Compares the answers of a plan that only follows with those that are given, flow by flow, on one worker's thread.
/// What was counted may be read from any thread.
/// </summary>
sealed class ShadowRun : IRecordSink
{
    /// <summary>Answers that wait for the other one; beyond it they are forgotten, and counted.</summary>
    const int MaxWaiting = 1 << 17;

    readonly AnswerComparison comparison;
    readonly QueuedSink? disagreements;
    readonly ushort mainModel;
    readonly Dictionary<ulong, Waiting> waiting = [];

    /// <param name="main">The plan that answers.</param>
    /// <param name="shadow">The plan that follows.</param>
    /// <param name="options">Those of the worker that is followed.</param>
    /// <param name="disagreements">Takes both answers of flows that the plans disagree on; null for none.</param>
    public ShadowRun((CascadePlan Plan, int Model) main, (CascadePlan Plan, int Model) shadow, WorkerOptions options,
        ServedPlans plans, QueuedSink? disagreements)
    {
        comparison = new(main.Plan, shadow.Plan);
        mainModel = (ushort)main.Model;
        this.disagreements = disagreements;
        waiting.EnsureCapacity(MaxWaiting);
        Worker = new(shadow.Plan, options, this, null, plans, shadow.Model);
    }

    /// <summary>Gets the worker that follows; its records come here.</summary>
    public Worker Worker { get; }

    /// <summary>Gets what was compared so far.</summary>
    public AnswerComparison Comparison => comparison;

    /// <summary>Gets a sink that hands everything on, and has the answers compared.</summary>
    public IRecordSink Open(IRecordSink sink) => new MainAnswers(this, sink);

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record) => Compare(record, isShadow: true);

    public void Flush()
    {
    }

    public void Dispose()
    {
    }

    void Compare(in FlowRecord record, bool isShadow)
    {
        if (record.Kind != RecordKind.Prediction)
        {
            return;
        }

        var key = LaneChoice.Hash(record.Flow.Key)
            ^ ((ulong)record.Flow.FirstNs * 0x9e37_79b9_7f4a_7c15) ^ (ulong)record.Classification.FirstNs;
        if (waiting.TryGetValue(key, out var other) && other.IsShadow != isShadow)
        {
            waiting.Remove(key);
            Settle(record, other, isShadow);
            return;
        }

        if (waiting.Count >= MaxWaiting)
        {
            comparison.CountUnpaired(waiting.Count);
            waiting.Clear();
        }

        waiting[key] = new(record.Classification, record.TimestampNs, record.PacketNumber, record.Model, isShadow);
    }

    void Settle(in FlowRecord record, in Waiting other, bool isShadow)
    {
        if ((isShadow ? other.Model : record.Model) != mainModel)
        {
            comparison.CountOther(); // a canary's answer, or that of an earlier model
            return;
        }

        ref readonly var main = ref isShadow ? ref other.Answer : ref record.Classification;
        ref readonly var shadow = ref isShadow ? ref record.Classification : ref other.Answer;
        if (comparison.Count(main, shadow) || disagreements is null)
        {
            return;
        }

        var earlier = record;
        (earlier.Classification, earlier.TimestampNs, earlier.PacketNumber, earlier.Model) =
            (other.Answer, other.TimestampNs, other.PacketNumber, other.Model);
        disagreements.Write(isShadow ? earlier : record);
        disagreements.Write(isShadow ? record : earlier);
    }

    readonly struct Waiting(in Classification answer, long timestampNs, long packetNumber, ushort model, bool isShadow)
    {
        public readonly Classification Answer = answer;
        public readonly long TimestampNs = timestampNs;
        public readonly long PacketNumber = packetNumber;
        public readonly ushort Model = model;
        public readonly bool IsShadow = isShadow;
    }

    /// <summary>Stands before the worker's own sink.</summary>
    sealed class MainAnswers(ShadowRun run, IRecordSink sink) : IRecordSink
    {
        public void BeginCapture(string name) => sink.BeginCapture(name);

        public void Write(in FlowRecord record)
        {
            sink.Write(record);
            run.Compare(record, isShadow: false);
        }

        public void Flush() => sink.Flush();

        public void Dispose()
        {
        }
    }
}
