namespace ServeFlow.Sinks.Files;

/// <summary>A file cannot be added to, because another process is adding to it.</summary>
public sealed class FileInUseException : IOException
{
    public FileInUseException() : this("another process is writing to it")
    {
    }

    public FileInUseException(string message) : base(message)
    {
    }

    public FileInUseException(string message, Exception inner) : base(message, inner)
    {
    }
}
