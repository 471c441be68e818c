using System.CommandLine;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes the options that say in which form a verb prints its result.</summary>
static class OutputOptions
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON object and nothing else on standard output",
    };

    public static Option<bool> SafeCells() => new("--csv-safe")
    {
        Description = "CSV: put ' before names and labels that a spreadsheet would run as a formula (= + - @)",
    };
}
