using System.CommandLine;

namespace ServeFlow.Cli.Terminal;

/// <summary>Represents a verb whose options may also come from a file and from the environment.</summary>
interface ITakesConfiguration
{
    /// <summary>Gets the command line with what the configuration gives beside it.</summary>
    /// <param name="given">The command line as it was given, parsed.</param>
    /// <param name="arguments">The same as words.</param>
    /// <param name="errors">Everything that is wrong with the configuration.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    string[] Configure(ParseResult given, string[] arguments, out IReadOnlyList<string> errors);
}
