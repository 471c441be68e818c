using System.Text;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Stands before the console: whatever is written, no character of it commands the terminal. Line breaks and tabs pass;
/// a name with a line break is escaped where its line is made.
/// </summary>
sealed class EscapingWriter(TextWriter console) : TextWriter
{
    public override Encoding Encoding => console.Encoding;

    /// <summary>
    /// Puts the writer before standard output and standard error, for the whole process.
    /// </summary>
    public static void Install()
    {
        var output = new StreamWriter(new NamedOutputStream(), leaveOpen: true) { AutoFlush = true };
        Console.SetOut(new EscapingWriter(output));
        var errors = new StreamWriter(new StandardErrorStream(), Console.Error.Encoding) { AutoFlush = true };
        Console.SetError(new EscapingWriter(errors));
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value) => console.Write(Escape(value ?? ""));

    public override void WriteLine() => console.WriteLine();

    /// <summary>Writes a line at once, so that lines of several threads do not mix.</summary>
    public override void WriteLine(string? value) => console.WriteLine(Escape(value ?? ""));

    public override void Flush() => console.Flush();

    static string Escape(string text) => string.Join('\n',
        text.Split('\n').Select(line => string.Join('\t', line.Split('\t').Select(PrintableText.Escape))));
}
