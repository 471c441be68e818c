using ServeFlow.Cli.Commands.Logs;
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
    readonly ProcessLog log;
    bool isDrawn;

    /// <param name="options">Says what is written where.</param>
    /// <exception cref="InputException">The file of statistics cannot be opened.</exception>
    public ServeReport(ServeOptions options)
    {
        isJson = options.Json;
        log = new(options.LogLevel, options.LogFormat, Clear);
        showsStatistics = !Notes.AreQuiet && (options.ShowsStatistics || isJson || (isTerminal && log.IsText));
        file = options.StatisticsFile is { } path ? new(path, Warn) : null;
        try
        {
            file?.Open();
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>The statistics go on in whatever has the name of their file now; log rotation.</summary>
    public void Reopen() => file?.Reopen();

    /// <summary>Writes a message; callable from any thread.</summary>
    public void WriteLine(string line) => log.Say(line);

    /// <summary>Writes a message about what an operator should look at; callable from any thread.</summary>
    public void Warn(string line) => log.Warn(line);

    /// <summary>Writes a message about what was lost; callable from any thread.</summary>
    public void Complain(string line) => log.Complain(line);

    /// <summary>Writes messages; callable from any thread.</summary>
    public void WriteLines(IEnumerable<string> lines, LogLevel level = LogLevel.Info)
    {
        foreach (var line in lines)
        {
            log.Write(level, line);
        }
    }

    /// <summary>Writes messages of this level and above from now on.</summary>
    public void Use(LogLevel level) => log.Use(level);

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
            log.Add(() => Console.Error.WriteLine(line));
        }
        else if (isTerminal && log.IsText)
        {
            log.Add(() => Draw(line));
        }
        else
        {
            log.Say(line);
        }
    }

    /// <summary>Adds the statistics of the end to their file, where everything adds up.</summary>
    public void FileStatistics(ServeStatistics statistics) =>
        file?.AppendLast(DocumentJson.Format(statistics.ToDocument()));

    /// <summary>Writes the lines at the end: as they are for people, as messages for programs.</summary>
    public void WriteSummary(string text)
    {
        if (!log.IsText)
        {
            WriteLines(text.Split(Environment.NewLine));
        }
        else if (!Notes.AreQuiet)
        {
            log.Add(() =>
            {
                Clear();
                Console.Error.WriteLine(text);
            });
        }
    }

    public void Dispose()
    {
        log.Add(Clear);
        file?.Dispose();
        log.Dispose();
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
