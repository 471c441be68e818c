using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ServeFlow.Cli.Terminal;

/// <summary>Makes options that take an amount of bytes, such as <c>512MiB</c>, <c>2GB</c> or <c>1048576</c>.</summary>
static class SizeOptions
{
    static readonly (string Name, long Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1_000), ("KB", 1_000),
        ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("K", 1L << 10), ("M", 1L << 20),
        ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    public static Option<long?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => Parse(result, name),
    };

    /// <summary>Reads an amount of bytes; null where the text is none, or not above 0.</summary>
    public static long? Parse(string text)
    {
        var (unit, bytes) = Units.FirstOrDefault(unit => text.EndsWith(unit.Name, StringComparison.OrdinalIgnoreCase),
            ("", 1));
        return decimal.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var number) && number > 0 && number <= long.MaxValue / bytes
            && (long)(number * bytes) is > 0 and var size
                ? size
                : null;
    }

    static long? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (Parse(text) is { } size)
        {
            return size;
        }

        result.AddError($"{name} '{text}': give a size in bytes, or with a unit, such as 512MiB or 2GiB");
        return null;
    }
}
