using System.CommandLine;

namespace ServeFlow.Cli.Configuration;

/// <summary>Holds a configuration as it was read.</summary>
/// <param name="given">The command line alone.</param>
/// <param name="values">What the file and the environment give, and the command line does not.</param>
/// <param name="arguments">The command line with these values beside it.</param>
/// <param name="errors">Everything that is wrong with it.</param>
sealed class ReadConfiguration(SettingTable table, ParseResult given, IReadOnlyList<SettingValue> values,
    string[] arguments, List<ConfigurationError> errors)
{
    public string[] Arguments => arguments;

    public IReadOnlyList<ConfigurationError> Errors => errors;

    /// <summary>Gets what the file and the environment give, and the command line does not.</summary>
    public IReadOnlyList<SettingValue> Values => values;

    /// <summary>Parses the verb's command line with the values beside it.</summary>
    public ParseResult Parse()
    {
        var verb = arguments.TakeWhile(word => word != table.Command.Name).Count();
        return table.Command.Parse([.. arguments.Skip(verb + 1)], SettingMerge.Parser);
    }

    /// <summary>
    /// Adds what is wrong with values beside each other, where they are the configuration's. What is wrong with the
    /// command line alone is said by whoever runs it.
    /// </summary>
    /// <param name="fallback">Where an error stands that is about no setting.</param>
    public void AddRuleErrors(Origin fallback)
    {
        if (errors.Exists(error => error.Key.Length == 0))
        {
            return; // not all of the text could be read
        }

        var own = values.Select(value => value.Row.Symbol).ToHashSet();
        var merge = new SettingMerge(table, values);
        var found = Parse().Errors
            .Where(error => SettingMerge.OptionOf(error) is not { } option || own.Contains(option))
            .Select(error => merge.Locate(error, "", fallback));
        errors.AddRange([.. found.Where(error => error.Key.Length > 0 || fallback.Line > 0)
            .Where(error => !IsConsequence(error))]);
    }

    /// <summary>
    /// Determines whether an error may come about because a value beside it is wrong, and was left out for that.
    /// </summary>
    bool IsConsequence(ConfigurationError found)
    {
        string[] sections = SectionOf(found.Key) switch
        {
            "" => ["bundle", "capture"],
            "records" => ["records", "outputs"],
            var section => [section],
        };
        return errors.Exists(error => sections.Contains(SectionOf(error.Key)));
    }

    static string SectionOf(string key) => key.Split('.', '[')[0];

    /// <summary>Gets every setting with the value that holds, in the order of the table.</summary>
    public IEnumerable<SettingValue> Effective() => table.Rows.Select(row =>
        values.FirstOrDefault(value => value.Row == row) ?? FindGiven(row)
            ?? new SettingValue(row, row.Default is { } word ? [word] : [], Origin.Default));

    SettingValue? FindGiven(SettingRow row)
    {
        if (row.Symbol is Argument argument)
        {
            return given.GetResult(argument) is { Tokens: { Count: > 0 } words }
                ? new(row, [string.Join(' ', words.Select(word => word.Value))], new(Layer.Option, argument.Name))
                : null;
        }

        return new[] { (Option)row.Symbol }.Concat(row.ReplacedBy).Select(option => Read(row, option))
            .FirstOrDefault(value => value is not null);
    }

    SettingValue? Read(SettingRow row, Option option)
    {
        if (given.GetResult(option) is not { Implicit: false } result)
        {
            return null;
        }

        string[] words = [.. result.Tokens.Select(token => token.Value)];
        words = option != row.Symbol ? [$"{{format: {option.Name.TrimStart('-')}, path: {NodeText.Quote(words[0])}}}"]
            : row.IsSwitch ? [(words is not ["false"] ^ row.IsNegated) ? "true" : "false"] : words;
        return new(row, words, new(Layer.Option, option.Name));
    }
}
