namespace ServeFlow.Cli.Commands.Control;

/// <summary>Represents a terminal that is drawn over at each look; plain text, one look below the other,
/// elsewhere.</summary>
sealed class TopScreen : IDisposable
{
    /// <summary>Specifies the terminal's second screen, without a cursor; what was there before comes back at the
    /// end.</summary>
    const string Begin = "\e[?1049h\e[?25l";

    const string End = "\e[?25h\e[?1049l";

    /// <summary>Moves to the first line; each line is cleared to its end, and the rest of the screen at last.</summary>
    const string Home = "\e[H";

    const string ClearLine = "\e[K";
    const string ClearRest = "\e[J";

    /// <summary>Holds the terminal itself, past what escapes all else that is written; null for plain text.</summary>
    readonly StreamWriter? terminal;

    bool hasShown;

    TopScreen(StreamWriter? terminal)
    {
        this.terminal = terminal;
        terminal?.Write(Begin);
    }

    public static TopScreen Open(bool isPlain) => new(isPlain || Console.IsOutputRedirected ? null
        : new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });

    /// <summary>Shows a text of several lines; those that the terminal has no room for are left out.</summary>
    public void Show(string text)
    {
        if (terminal is null)
        {
            Console.WriteLine(hasShown ? Environment.NewLine + text : text);
        }
        else
        {
            var lines = text.Split(Environment.NewLine).Take(Math.Max(1, Console.WindowHeight - 1));
            terminal.Write(Home + string.Concat(lines.Select(line => Fit(line) + ClearLine + "\n")) + ClearRest);
        }

        hasShown = true;
    }

    public void Dispose()
    {
        terminal?.Write(End);
        terminal?.Dispose();
    }

    /// <summary>No character of a label commands the terminal.</summary>
    static string Fit(string line)
    {
        var shown = PrintableText.Escape(line);
        return Console.WindowWidth is > 1 and var width && shown.Length >= width ? shown[..(width - 1)] : shown;
    }
}
