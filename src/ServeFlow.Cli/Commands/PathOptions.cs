using System.CommandLine;
using System.CommandLine.Parsing;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes options and arguments that take the path of a file or directory.</summary>
static class PathOptions
{
    public static Argument<string> Bundle() => new("BUNDLE")
    {
        Description = "A bundle's folder, or the folder of one version",
    };

    /// <summary>Creates an option that takes the path of a file or, with another help name, of a directory.</summary>
    public static Option<string?> Create(string name, string description, string helpName = "FILE",
        params string[] aliases) => new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            Validators = { NotEmpty },
        };

    public static Option<string?> Configuration() =>
        Create("--config", "Take settings from a YAML file; options override it", aliases: "-c");

    public static Option<string?> Write(string description) => Create("--write", description, "OUT", "-w");

    /// <summary>Refuses an empty path: a variable of a script that was not set gives one.</summary>
    public static void NotEmpty(OptionResult result)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{result.Option.Name} is empty: give {result.Option.HelpName ?? "a value"}");
        }
    }
}
