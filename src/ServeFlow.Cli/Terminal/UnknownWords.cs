using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Finds words of a command line that stand for nothing: options that are none, and verbs that are none. What merely
/// follows from them (a value left over, an option missing) is not worth a word.
/// </summary>
static partial class UnknownWords
{
    const string CaptureOption = "--read";

    /// <summary>Gets a message for each word that only a typing error explains; empty where there is none.</summary>
    /// <param name="arguments">The command line as it was given.</param>
    public static IReadOnlyList<string> Find(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var verbs = parsed.CommandResult.Command.Subcommands.Select(verb => verb.Name).ToArray();
        if (verbs.Length > 0 && parsed.UnmatchedTokens is [[not '-', ..] and var word, ..])
        {
            return [$"unknown command '{word}'{Suggest(word, verbs)}"];
        }

        var names = OptionsOf(parsed).ToArray();
        string[] options = [.. FindOptions(parsed, arguments).Distinct().Select(option => names.Contains(option)
            ? $"'{option}' stands where an option before it needs a value"
            : $"unknown option '{option}'{Suggest(option, names)}")];
        return options.Length > 0 ? options : [.. FindEmpty(parsed), .. FindBytes(parsed)];
    }

    /// <summary>
    /// Gets the words that are not UTF-8. A capture may have such a name; a file that is written would get another one.
    /// </summary>
    static IEnumerable<string> FindBytes(ParseResult parsed) => parsed.CommandResult.Children
        .Where(result => result is not OptionResult { Option.Name: CaptureOption })
        .SelectMany(result => result.Tokens).Where(token => !PathBytes.IsText(token.Value))
        .Select(token => $"'{PathBytes.ToText(token.Value)}' is not UTF-8, which only a capture's name may be: rename "
            + "it, or give another");

    /// <summary>Gets the names that are given and empty: a variable of a script that was not set gives one.</summary>
    static IEnumerable<string> FindEmpty(ParseResult parsed) => parsed.CommandResult.Children.OfType<ArgumentResult>()
        .Where(result => result.Argument.Arity.MaximumNumberOfValues == 1
            && result.Tokens is [var token] && string.IsNullOrWhiteSpace(token.Value))
        .Select(result => $"{result.Argument.Name} is empty: give one");

    /// <summary>
    /// Gets the words that look like options. Behind <c>--</c> nothing does, and neither does the value of an option,
    /// unless it has two dashes: then the value before it is missing.
    /// </summary>
    static IEnumerable<string> FindOptions(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        var values = Values(parsed.CommandResult).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Where(token => token.Type == TokenType.Argument && arguments.Contains(token.Value)
                && (values.Contains(token) ? LongOption() : AnyOption()).IsMatch(token.Value))
            .Select(token => token.Value.Split('=', ':')[0]);
    }

    static IEnumerable<object> Values(CommandResult command) => command.Children.SelectMany(child => child switch
    {
        OptionResult option => option.Tokens,
        CommandResult below => Values(below),
        _ => Enumerable.Empty<object>(),
    });

    static IEnumerable<string> OptionsOf(ParseResult parsed)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            foreach (var option in result.Command.Options.Where(option => !option.Hidden
                && (option.Recursive || result == parsed.CommandResult)))
            {
                yield return option.Name;
                foreach (var alias in option.Aliases)
                {
                    yield return alias;
                }
            }
        }
    }

    static string Suggest(string word, IReadOnlyList<string> names) =>
        Nearest(word, names) is { } name ? $"; did you mean '{name}'?" : "";

    /// <summary>Finds the name that a word was meant to be; null where none is near.</summary>
    internal static string? Nearest(string word, IEnumerable<string> names)
    {
        var (best, least) = ((string?)null, int.MaxValue);
        foreach (var name in names.Where(name => name.TrimStart('-').Length > 1))
        {
            var distance = EditDistance.Compute(word.TrimStart('-'), name.TrimStart('-'));
            if (distance < least && distance <= Math.Max(1, name.TrimStart('-').Length / 3))
            {
                (best, least) = (name, distance);
            }
        }

        return best;
    }

    [GeneratedRegex("^--?[A-Za-z]")]
    private static partial Regex AnyOption();

    [GeneratedRegex("^--[A-Za-z]")]
    private static partial Regex LongOption();
}
