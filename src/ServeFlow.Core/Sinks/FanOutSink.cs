namespace ServeFlow.Sinks;

/// <summary>Gives every record to several sinks.</summary>
sealed class FanOutSink(IReadOnlyList<IRecordSink> sinks) : IRecordSink
{
    readonly IRecordSink[] sinks = [.. sinks];

    public void BeginCapture(string name)
    {
        foreach (var sink in sinks)
        {
            sink.BeginCapture(name);
        }
    }

    public void Write(in FlowRecord record)
    {
        foreach (var sink in sinks)
        {
            sink.Write(record);
        }
    }

    public void Flush()
    {
        foreach (var sink in sinks)
        {
            sink.Flush();
        }
    }

    public void Dispose()
    {
        foreach (var sink in sinks)
        {
            sink.Dispose();
        }
    }
}
