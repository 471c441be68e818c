using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Logs;

/// <summary>
/// Writes the messages of a sensor or a worker to standard error, on a thread of its own: nobody waits for the reader.
/// Callable from any thread.
/// </summary>
/// <param name="level">The least level that is written, until another is given. With <c>--quiet</c>, errors and
/// warnings stay.</param>
/// <param name="before">Is called before each message, on that thread; null for nothing.</param>
sealed class ProcessLog(LogLevel level, LogFormat format, Action? before = null) : IDisposable
{
    readonly MessageLog log = new(Console.Error, MessageLog.Resolve(format), Bound(level));
    readonly MessageQueue messages = new();

    /// <summary>Gets whether messages are for people: only then may there be a line that is drawn in place.</summary>
    public bool IsText => log.IsText;

    /// <summary>Writes messages of this level and above from now on.</summary>
    public void Use(LogLevel other) => log.Use(Bound(other));

    /// <summary>Writes what is of use to know.</summary>
    public void Say(string line) => Write(LogLevel.Info, line);

    /// <summary>Writes what an operator should look at.</summary>
    public void Warn(string line) => Write(LogLevel.Warning, line);

    /// <summary>Writes what was lost.</summary>
    public void Complain(string line) => Write(LogLevel.Error, line);

    /// <summary>Has a message written with the time of now, whenever the reader takes it.</summary>
    public void Write(LogLevel of, string line)
    {
        if (log.Has(of))
        {
            var time = DateTime.UtcNow;
            messages.Add(() =>
            {
                before?.Invoke();
                log.WriteAnyway(of, line, time);
            });
        }
    }

    /// <summary>Has something else written between the messages.</summary>
    public void Add(Action write) => messages.Add(write);

    public void Dispose() => messages.Dispose();

    static LogLevel Bound(LogLevel level) =>
        Notes.AreQuiet && level > LogLevel.Warning ? LogLevel.Warning : level;
}
