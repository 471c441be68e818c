using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Configuration;

/// <summary>
/// Joins the values of a configuration with a command line: an option overrides the environment, and that the file.
/// Where one of two alternatives is given in a higher place, such as a capture instead of interfaces, what belongs to
/// the other is left out.
/// </summary>
sealed class SettingMerge(SettingTable table, IReadOnlyList<SettingValue> values)
{
    /// <summary>Reads arguments as the program does.</summary>
    public static ParserConfiguration Parser { get; } = new() { ResponseFileTokenReplacer = null };

    /// <summary>Gets the values that hold beside a command line.</summary>
    /// <param name="given">The command line alone.</param>
    public IReadOnlyList<SettingValue> Remaining(ParseResult given)
    {
        var (one, other) = (Rank(table.Alternatives.One, given), Rank(table.Alternatives.Other, given));
        var hidden = one > other ? table.Alternatives.Other : other > one ? table.Alternatives.One : [];
        return [.. values.Where(value => !IsGiven(given, value.Row) && !hidden.Contains(value.Row.Key))];
    }

    /// <summary>Gets the arguments of the verb with the remaining values before and after them.</summary>
    public string[] Arguments(ParseResult given, IReadOnlyList<string> arguments)
    {
        var remaining = Remaining(given);
        var options = remaining.Where(value => value.Row.Symbol is Option).SelectMany(value => value.Arguments);
        var words = remaining.Where(value => value.Row.Symbol is Argument)
            .OrderBy(value => table.Command.Arguments.IndexOf((Argument)value.Row.Symbol))
            .SelectMany(value => value.Words).ToArray();
        var verb = arguments.TakeWhile(word => word != table.Command.Name).Count() + 1;
        var dashes = words.Length > 0 && !arguments.Contains("--") ? new[] { "--" } : [];
        return [.. arguments.Take(verb), .. options, .. arguments.Skip(verb), .. dashes, .. words];
    }

    /// <summary>Adds what is wrong with values beside each other, such as one that would have no effect.</summary>
    public void AddRuleErrors(List<ConfigurationError> errors, string place, Origin origin)
    {
        var parsed = table.Command.Parse([.. values.SelectMany(value => value.Arguments)], Parser);
        foreach (var error in parsed.Errors)
        {
            errors.Add(Locate(error, place, origin));
        }
    }

    /// <summary>Says where an error of a merged command line stands, and spells its setting as that does.</summary>
    /// <param name="fallback">Where an error stands that is about no setting.</param>
    public ConfigurationError Locate(ParseError error, string place, Origin fallback)
    {
        var text = UserMessage.Text(error);
        var value = values.FirstOrDefault(value => OptionOf(error) == value.Row.Symbol
            || text.StartsWith(value.Row.Symbol.Name + " ", StringComparison.Ordinal)
            || text.StartsWith(value.Row.Symbol.Name + ":", StringComparison.Ordinal));
        return value is null ? new(fallback, "", place + text)
            : new(value.Origin, value.Row.Key, Spell(text, value.Row, place));
    }

    public static Option? OptionOf(ParseError error) =>
        (error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult)?.Option;

    /// <summary>Puts the key in the place of the option's name.</summary>
    public static string Spell(string text, SettingRow row, string place)
    {
        var name = row.Symbol.Name;
        var rest = text.StartsWith(name, StringComparison.Ordinal) ? text[name.Length..].TrimStart(':', ' ') : text;
        return $"{place}{row.Key}{(rest.StartsWith('\'') ? " " : ": ")}{rest}";
    }

    bool IsGiven(ParseResult given, SettingRow row) => new[] { row.Symbol }.Concat(row.ReplacedBy)
        .Any(symbol => IsGiven(given, symbol));

    static bool IsGiven(ParseResult given, Symbol symbol) => symbol is Option option
        ? given.GetResult(option) is { Implicit: false }
        : given.GetResult((Argument)symbol) is { Tokens.Count: > 0 };

    /// <summary>Gets the highest place that one of these settings is given in.</summary>
    Layer Rank(IReadOnlyList<string> keys, ParseResult given) => keys.Select(key => table.Find(key)!)
        .Select(row => IsGiven(given, row) ? Layer.Option
            : values.FirstOrDefault(value => value.Row == row && !value.IsDefault)?.Origin.Layer ?? Layer.Default)
        .DefaultIfEmpty().Max();
}
