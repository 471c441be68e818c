using System.CommandLine;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes options that take a member of an enum, spelt as in records: <c>AfPacket</c> is
/// <c>af_packet</c>.</summary>
static class ChoiceOptions
{
    /// <param name="usual">The member that holds where the option is not given.</param>
    public static Option<string> Create<T>(string name, string description, T usual) where T : struct, Enum
    {
        string[] words = [.. Enum.GetValues<T>().Select(SnakeCase.From)];
        return new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => SnakeCase.From(usual),
        }.OneOf(words);
    }

    /// <summary>Reads an option that <see cref="Create"/> made of the same enum.</summary>
    public static T GetChoice<T>(this ParseResult parsed, Option<string> option) where T : struct, Enum =>
        Enum.GetValues<T>().First(value => SnakeCase.From(value) == parsed.GetRequiredValue(option));
}
