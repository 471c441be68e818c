namespace ServeFlow.Cli.Terminal;

/// <summary>Draws one line of a terminal in place, on standard error.</summary>
static class TerminalLine
{
    /// <summary>Goes to the line's beginning and clears it to its end.</summary>
    const string Begin = "\r\e[K";

    /// <summary>
    /// The terminal itself, past what escapes all else that is written. Nothing fails where it has been closed.
    /// </summary>
    static readonly StreamWriter Terminal = new(new StandardErrorStream()) { AutoFlush = true };

    /// <summary>Draws a text in place of what the line showed.</summary>
    public static void Draw(string text) => Terminal.Write(Begin + PrintableText.Escape(text));

    /// <summary>Empties the line.</summary>
    public static void Clear() => Draw("");
}
