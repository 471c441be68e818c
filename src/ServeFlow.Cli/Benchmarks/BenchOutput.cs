using ServeFlow.Cascade;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// EVE records into temporary files, which are gone afterwards: a sink thread for each worker, as a sensor has them,
/// and every record is written.
/// </summary>
sealed class BenchOutput : IDisposable
{
    const int QueueRecords = 1 << 15;

    /// <summary>Specifies what a sink may take at the end for what its queue still holds.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    readonly List<BenchFile> files = [];
    readonly List<WriteBehindStream> behind = [];
    readonly List<SinkThread> threads = [];

    public IRecordSink Create(CascadePlan plan)
    {
        files.Add(new());
        behind.Add(new(files[^1]));
        var sink = RecordFormat.CreateSink(RecordFormat.Eve, behind[^1], plan, new());
        var queue = new QueuedSink(QueueRecords, lossless: true, sink.WantsPredictions);
        threads.Add(new(new(RecordFormat.Eve, sink) { Lossless = true, Retries = false }, [queue],
            Console.Error.WriteLine));
        threads[^1].Start();
        return queue;
    }

    public void Dispose()
    {
        threads.ForEach(thread => thread.Finish(Grace));
        threads.ForEach(thread => thread.Join(Grace));
        behind.ForEach(stream => stream.Dispose());
        files.ForEach(file => file.Dispose());
    }
}
