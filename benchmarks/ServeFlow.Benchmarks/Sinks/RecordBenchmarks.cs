using BenchmarkDotNet.Attributes;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Benchmarks.Sinks;

/// <summary>Writing records to nowhere: a prediction and an end for each flow (CSV and Zeek write ends only).</summary>
public class RecordBenchmarks
{
    const int Flows = 1_000;

    readonly List<FlowRecord> records = [];
    IRecordSink sink = new NullSink();

    [Params(RecordFormat.Eve, RecordFormat.Csv, RecordFormat.Zeek)]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        using var source = SyntheticLab.Traffic(Flows, 10).Open();
        using var log = new RecordLog(records);
        var worker = new Worker(SyntheticLab.Plan, new(), log);
        worker.Run(source);
        worker.Finish();
        sink = RecordFormat.CreateSink(Format, Stream.Null, SyntheticLab.Plan, new());
        sink.BeginCapture("synthetic.pcap");
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public void Write()
    {
        foreach (ref readonly var record in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(records))
        {
            sink.Write(record);
        }

        sink.Flush();
    }

    /// <summary>Keeps records.</summary>
    sealed class RecordLog(List<FlowRecord> records) : IRecordSink
    {
        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record) => records.Add(record);

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
