using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Says on standard error what goes on: messages, and statistics every so often, one line in place on a terminal. Also
/// writes statistics as JSON Lines where that was asked for. Nobody waits for the reader.
/// </summary>
sealed class ServeReport : IDisposable
{
    readonly bool isTerminal = !Console.IsErrorRedirected;
    readonly bool isJson;
    readonly bool showsStatistics;
    readonly StatisticsFile? file;
    readonly MessageQueue messages = new();
    bool isDrawn;

    /// <param name="options">Says what is written where.</param>
    /// <exception cref="InputException">The file of statistics cannot be opened.</exception>
    public ServeReport(ServeOptions options)
    {
        isJson = options.Json;
        Log = new(Console.Error, SensorLog.Resolve(options.LogFormat), Bound(options.LogLevel));
        showsStatistics = !Notes.AreQuiet && (options.ShowsStatistics || isJson || (isTerminal && Log.IsText));
        file = options.StatisticsFile is { } path ? new(path, Warn) : null;
        try
        {
            file?.Open();
        }
        catch
        {
            messages.Dispose();
            throw;
        }
    }

    /// <summary>Gets the stream of messages.</summary>
    public SensorLog Log { get; }

    /// <summary>The statistics go on in whatever has the name of their file now; log rotation.</summary>
    public void Reopen() => file?.Reopen();

    /// <summary>Writes a message; callable from any thread.</summary>
    public void WriteLine(string line) => Write(LogLevel.Info, line);

    /// <summary>Writes a message about what an operator should look at; callable from any thread.</summary>
    public void Warn(string line) => Write(LogLevel.Warning, line);

    /// <summary>Writes a message about what was lost; callable from any thread.</summary>
    public void Complain(string line) => Write(LogLevel.Error, line);

    /// <summary>Writes messages; callable from any thread.</summary>
    public void WriteLines(IEnumerable<string> lines, LogLevel level = LogLevel.Info)
    {
        foreach (var line in lines)
        {
            Write(level, line);
        }
    }

    /// <summary>Writes messages of this level and above from now on.</summary>
    public void Use(LogLevel level) => Log.Use(Bound(level));

    public void ShowStatistics(ServeStatistics statistics)
    {
        var json = isJson || file is not null ? DocumentJson.Format(statistics.ToDocument()) : "";
        file?.Append(json);
        if (!showsStatistics)
        {
            return;
        }

        var line = isJson ? json : statistics.Line();
        if (isJson)
        {
            messages.Add(() => Console.Error.WriteLine(line));
        }
        else if (isTerminal && Log.IsText)
        {
            messages.Add(() => Draw(line));
        }
        else
        {
            Write(LogLevel.Info, line);
        }
    }

    /// <summary>Adds the statistics of the end to their file, where everything adds up.</summary>
    public void FileStatistics(ServeStatistics statistics) =>
        file?.AppendLast(DocumentJson.Format(statistics.ToDocument()));

    /// <summary>Writes the lines at the end: as they are for people, as messages for programs.</summary>
    public void WriteSummary(string text)
    {
        if (!Log.IsText)
        {
            WriteLines(text.Split(Environment.NewLine));
        }
        else if (!Notes.AreQuiet)
        {
            messages.Add(() =>
            {
                Clear();
                Console.Error.WriteLine(text);
            });
        }
    }

    public void Dispose()
    {
        messages.Add(Clear);
        file?.Dispose();
        messages.Dispose();
    }

    /// <summary>Writes a message; with <c>--quiet</c>, errors and warnings stay.</summary>
    static LogLevel Bound(LogLevel level) =>
        Notes.AreQuiet && level > LogLevel.Warning ? LogLevel.Warning : level;

    /// <summary>Has a message written with the time of now, whenever the reader takes it.</summary>
    void Write(LogLevel level, string line)
    {
        if (Log.Has(level))
        {
            var time = DateTime.UtcNow;
            messages.Add(() =>
            {
                Clear();
                Log.Write(level, line, time);
            });
        }
    }

    void Draw(string line)
    {
        TerminalLine.Draw(Fit(line));
        isDrawn = true;
    }

    void Clear()
    {
        if (isDrawn)
        {
            TerminalLine.Clear();
            isDrawn = false;
        }
    }

    /// <summary>No longer than the terminal is wide: a wrapped line could not be drawn over.</summary>
    static string Fit(string line) =>
        Console.WindowWidth is > 1 and var width && line.Length >= width ? line[..(width - 1)] : line;
}
