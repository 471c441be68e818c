namespace ServeFlow.Sinks;

/// <summary>Gives every record to several sinks.</summary>
public sealed class FanOutSink(IReadOnlyList<IRecordSink> sinks) : IRecordSink
{
    readonly IRecordSink[] sinks = [.. sinks];

    /// <summary>Gets the pressure of the sink under the most of it.</summary>
    public double Pressure
    {
        get
        {
            var most = 0.0;
            foreach (var sink in sinks)
            {
                most = Math.Max(most, sink.Pressure);
            }

            return most;
        }
    }

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
