using System.Globalization;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Says on standard error what goes on: statistics every so often, one line in place on a terminal, and complaints
/// between them. Also writes statistics as JSON Lines where that was asked for. Nobody waits for the reader.
/// </summary>
sealed class ServeReport : IDisposable
{
    readonly bool isTerminal = !Console.IsErrorRedirected;
    readonly bool isJson;
    readonly StatisticsFile? file;
    readonly MessageQueue messages = new();
    bool isDrawn;

    /// <param name="isJson">Whether standard error gets JSON Lines instead of text.</param>
    /// <param name="path">Gets JSON Lines; null for none.</param>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public ServeReport(bool isJson, string? path)
    {
        this.isJson = isJson;
        file = path is null ? null : new(path, WriteLine);
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

    /// <summary>The statistics go on in whatever has the name of their file now; log rotation.</summary>
    public void Reopen() => file?.Reopen();

    /// <summary>Writes one line that stays; callable from any thread.</summary>
    public void WriteLine(string line)
    {
        var text = $"{Now()} serveflow: {UserMessage.OneLine(line)}";
        messages.Add(() =>
        {
            Clear();
            Console.Error.WriteLine(text);
        });
    }

    /// <summary>Writes lines that stay; callable from any thread.</summary>
    public void WriteLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            WriteLine(line);
        }
    }

    public void ShowStatistics(ServeStatistics statistics)
    {
        var json = isJson || file is not null ? DocumentJson.Format(statistics.ToDocument()) : "";
        file?.Append(json);
        if (Notes.AreQuiet)
        {
            return;
        }

        if (!isJson && isTerminal)
        {
            var line = statistics.Line();
            messages.Add(() => Draw(line));
            return;
        }

        var text = isJson ? json : $"{Now()} {statistics.Line()}";
        messages.Add(() => Console.Error.WriteLine(text));
    }

    /// <summary>Lines at the end, as they are.</summary>
    public void WriteSummary(string text)
    {
        var isQuiet = Notes.AreQuiet;
        messages.Add(() =>
        {
            Clear();
            if (!isQuiet)
            {
                Console.Error.WriteLine(text);
            }
        });
    }

    /// <summary>A sensor's messages are a stream that is read much later: each carries its time.</summary>
    static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        messages.Add(Clear);
        file?.Dispose();
        messages.Dispose();
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
