namespace ServeFlow.Sinks.Files;

/// <summary>Determines whether the reader of a pipe has gone: no later attempt will succeed.</summary>
public static class BrokenPipe
{
    /// <summary>EPIPE of Linux, which the base library hands on as it is.</summary>
    const int ErrorNumber = 32;

    /// <summary>ECONNRESET: the same of a socket whose reader has gone with something unread.</summary>
    const int ConnectionReset = 104;

    public static bool Is(Exception error) => error is IOException { HResult: ErrorNumber or ConnectionReset };
}
