namespace ServeFlow.Packets.Captures;

/// <summary>
/// A file cannot be opened as a capture. The message is the one line that a user reads; what leaves this room is an
/// <see cref="InputException"/>, or a count where a search found the file.
/// </summary>
sealed class CaptureException(SkipReason reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets the reason that the file is counted under when a search found it.</summary>
    public SkipReason Reason { get; } = reason;
}
