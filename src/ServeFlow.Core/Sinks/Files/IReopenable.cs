namespace ServeFlow.Sinks.Files;

/// <summary>Represents a sink that can let go of its file and begin it anew, as log rotation asks for.</summary>
public interface IReopenable
{
    /// <summary>Completes the file that is open and opens one of its name; throws as <see cref="IRecordSink"/> says.
    /// </summary>
    void Reopen();
}
