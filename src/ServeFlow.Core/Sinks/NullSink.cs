namespace ServeFlow.Sinks;

/// <summary>Takes records and forgets them: for benchmarks, and for summaries without records.</summary>
public sealed class NullSink : IRecordSink
{
    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record)
    {
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
