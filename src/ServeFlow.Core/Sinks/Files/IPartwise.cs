namespace ServeFlow.Sinks.Files;

/// <summary>
/// A sink whose records can be read only when the file that they are in is complete, and which can go on in another.
/// </summary>
public interface IPartwise
{
    /// <summary>Completes the file that is open, if it has records; throws as <see cref="IRecordSink"/> says.</summary>
    void CompletePart();
}
