using System.CommandLine;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Writes what a verb says beside its data and its errors: progress, summaries, counts. It goes to standard error, and
/// <c>--quiet</c> silences it.
/// </summary>
static class Notes
{
    public const string OptionName = "--quiet";

    static readonly AsyncLocal<bool> Quiet = new();

    /// <summary>Gets whether notes are silenced, for the verb that runs.</summary>
    public static bool AreQuiet => Quiet.Value;

    /// <summary>Creates the option that silences notes, for every verb.</summary>
    public static Option<bool> CreateOption() => new(OptionName, "-q")
    {
        Description = "Print no progress, notes or summaries on standard error; errors and warnings stay",
        Recursive = true,
    };

    /// <summary>Silences notes, or not, for what this thread and those that it starts will do.</summary>
    public static void SetQuiet(bool isQuiet) => Quiet.Value = isQuiet;

    /// <summary>Writes a note, of one line or several.</summary>
    public static void Write(string text)
    {
        if (!AreQuiet)
        {
            Console.Error.WriteLine(text);
        }
    }
}
