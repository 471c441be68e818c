using System.Globalization;

namespace ServeFlow.Cli.Commands;

/// <summary>
/// Names a model of a repository: <c>NAME</c>, which means its latest version, or <c>NAME@VERSION</c>.
/// </summary>
/// <param name="Version">Null for the latest.</param>
sealed record ModelName(string Name, int? Version)
{
    /// <exception cref="InputException">The text is neither.</exception>
    public static ModelName Parse(string text)
    {
        var at = text.LastIndexOf('@');
        var name = at < 0 ? text : text[..at];
        var version = 0;
        return name.Length > 0 && name[0] != '.' && !name.Contains('/', StringComparison.Ordinal)
            && (at < 0 || (int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out version) && version > 0))
            ? new(name, at < 0 ? null : version)
            : throw new InputException($"'{InputException.Quote(text)}': give NAME or NAME@VERSION, such as iot@3");
    }
}
