namespace ServeFlow.Cli.Configuration;

/// <summary>Represents a setting with its value, and where that comes from.</summary>
/// <param name="Words">The words as they are given to the option; several of a list.</param>
sealed record SettingValue(SettingRow Row, IReadOnlyList<string> Words, Origin Origin)
{
    /// <summary>Gets where each item of a list of settings stands; empty for any other value.</summary>
    public IReadOnlyList<Origin> Items { get; init; } = [];

    /// <summary>Gets whether the value is the one that holds anyway.</summary>
    public bool IsDefault => Words is [var word] ? word == Row.Default : Words.Count == 0;

    /// <summary>Gets the arguments that give the command line this value; none where the default does.</summary>
    public IEnumerable<string> Arguments
    {
        get
        {
            var name = Row.Symbol.Name;
            return IsDefault ? []
                : Row.IsSwitch ? [$"{name}={(bool.Parse(Words[0]) ^ Row.IsNegated ? "true" : "false")}"]
                : Words.Select(word => $"{name}={word}");
        }
    }
}
