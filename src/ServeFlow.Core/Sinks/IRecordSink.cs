namespace ServeFlow.Sinks;

/// <summary>Where records go. Owned by one worker; called in the order in which things happened on the wire.</summary>
public interface IRecordSink : IDisposable
{
    /// <summary>
    /// The records that follow come from this capture (a file name; interfaces have their own field).
    /// </summary>
    void BeginCapture(string name);

    void Write(in FlowRecord record);

    /// <summary>Hands on what is buffered.</summary>
    void Flush();
}
