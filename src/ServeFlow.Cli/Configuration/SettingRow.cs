using System.CommandLine;
using ServeFlow.Cli.Commands;

namespace ServeFlow.Cli.Configuration;

/// <summary>
/// A setting: the key that a configuration has it under, and the option of the command line that it is. Type, bounds,
/// default and help are those of the option, so that nothing is written down twice.
/// </summary>
/// <param name="Key">Section and name, such as <c>capture.workers</c>.</param>
/// <param name="Symbol">The option, or the argument.</param>
sealed record SettingRow(string Key, Symbol Symbol)
{
    /// <summary>Gets whether the option switches off what the key switches on.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Gets whether a running sensor takes a new value.</summary>
    public bool IsReloadable { get; init; }

    /// <summary>Gets the settings of each item, where the value is a list of mappings; else null.</summary>
    public SettingTable? Items { get; init; }

    /// <summary>Gets options that replace the value where they are given.</summary>
    public IReadOnlyList<Option> ReplacedBy { get; init; } = [];

    /// <summary>Gets the help of a negated option, and of an argument of several words.</summary>
    public string? Help { get; init; }

    public string Section => Key.Contains('.') ? Key[..Key.IndexOf('.')] : "";

    public string Name => Key[(Key.IndexOf('.') + 1)..];

    public string Description => Help ?? Symbol.Description ?? "";

    public Type ValueType => Nullable.GetUnderlyingType(Declared) ?? Declared;

    Type Declared => Symbol is Option option ? option.ValueType : ((Argument)Symbol).ValueType;

    public bool IsSwitch => ValueType == typeof(bool);

    public bool IsList => Items is not null || (Symbol is Option option && option.ValueType.IsArray);

    public bool IsSize => HelpName == "SIZE";

    /// <summary>Gets the least and the most value of a number; null of anything else.</summary>
    public (string Least, string Most)? Bounds => (Symbol as IBoundedOption)?.Bounds;

    /// <summary>Gets whether the number has no fraction.</summary>
    public bool IsWhole => ValueType != typeof(double);

    /// <summary>Gets the words that the value is one of; empty where it may be any.</summary>
    public IReadOnlyList<string> Choices => !IsSwitch && HelpName.Split('|') is { Length: > 1 } words
        && words.All(word => word.All(c => char.IsAsciiLetterLower(c) || c == '_'))
            ? words
            : [];

    /// <summary>Gets the words of the value that holds where nothing is given; null where that is nothing.</summary>
    public string? Default => DefaultValue switch
    {
        null => IsSwitch && Declared == typeof(bool) ? Spell(IsNegated) : null,
        bool value => Spell(value ^ IsNegated),
        double.PositiveInfinity => "max",
        Enum value => Telemetry.SnakeCase.FromName(value.ToString()),
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    object? DefaultValue => Symbol is Option { HasDefaultValue: true } option ? option.GetDefaultValue() : null;

    string HelpName => (Symbol is Option option ? option.HelpName : ((Argument)Symbol).HelpName) ?? "";

    static string Spell(bool value) => value ? "true" : "false";
}
