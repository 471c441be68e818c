using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Serving;

/// <summary>Keeps records for tests to look at.</summary>
sealed class RecordLog : IRecordSink
{
    public List<FlowRecord> Records { get; } = [];

    public List<FlowRecord> Predictions => Records.FindAll(record => record.Kind == RecordKind.Prediction);

    public List<FlowRecord> Ends => Records.FindAll(record => record.Kind == RecordKind.End);

    /// <summary>Runs a worker over all packets, to the end of every flow.</summary>
    public static (RecordLog Log, Account Account) Run(CascadePlan plan, MemorySource source,
        WorkerOptions? options = null)
    {
        var log = new RecordLog();
        var worker = new Worker(plan, options ?? new(), log);
        worker.Run(source, TestContext.Current.CancellationToken);
        worker.Finish();
        return (log, worker.Account);
    }

    /// <summary>Takes what does not depend on the model's number, the worker or when an answer was computed.</summary>
    public static (long, EndReason, RecordKind, int, int, float, int) Facts(FlowRecord record) =>
        (record.TimestampNs, record.EndReason, record.Kind, record.Flow.SourcePort, record.Classification.LabelId,
            record.Classification.Confidence, record.Classification.PacketsUsed);

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record) => Records.Add(record);

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
