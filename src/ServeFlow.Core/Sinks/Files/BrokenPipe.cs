namespace ServeFlow.Sinks.Files;

/// <summary>Determines whether the reader of a pipe has gone: no later attempt will succeed.</summary>
static class BrokenPipe
{
    /// <summary>EPIPE of Linux, which the base library hands on as it is.</summary>
    public const int ErrorNumber = 32;

    public static bool Is(Exception error) => error is IOException { HResult: ErrorNumber };
}
