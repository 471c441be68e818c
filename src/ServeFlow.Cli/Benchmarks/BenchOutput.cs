using ServeFlow.Cascade;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>EVE records into temporary files, which are gone afterwards.</summary>
sealed class BenchOutput : IDisposable
{
    readonly List<FileStream> files = [];
    readonly List<IRecordSink> sinks = [];

    public IRecordSink Create(CascadePlan plan)
    {
        files.Add(new(Path.GetTempFileName(), FileMode.Create, FileAccess.Write, FileShare.None, 0,
            FileOptions.DeleteOnClose));
        sinks.Add(RecordFormat.CreateSink(RecordFormat.Eve, files[^1], plan, new()));
        return sinks[^1];
    }

    public void Dispose()
    {
        sinks.ForEach(sink => sink.Dispose());
        files.ForEach(file => file.Dispose());
    }
}
