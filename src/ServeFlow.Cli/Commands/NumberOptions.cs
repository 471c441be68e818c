using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ServeFlow.Cli.Commands;

/// <summary>
/// Options that take a number: what is none, or lies outside the bounds, is a usage error of one line.
/// </summary>
static class NumberOptions
{
    /// <summary>
    /// Threads beyond what the processors can run only take memory: each worker has a table of flows, and on a link a
    /// ring of its own.
    /// </summary>
    static readonly int MaxThreads = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <param name="least">Smallest number allowed.</param>
    /// <param name="most">Largest number allowed.</param>
    public static Option<T> Create<T>(string name, string helpName, string description, T least, T most, T value)
        where T : struct, INumber<T> => new NumberOption<T>(name, least, most)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => value,
            CustomParser = result => Parse(result, name, least, most),
        };

    /// <summary>The same, without a value where it is not given.</summary>
    public static Option<T?> CreateOptional<T>(string name, string helpName, string description, T least, T most)
        where T : struct, INumber<T> => new NumberOption<T?>(name, least, most)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => Parse(result, name, least, most),
        };

    /// <summary>Creates an option for a number of threads.</summary>
    public static Option<int> CreateThreads(string name, string description, int value) =>
        Create(name, "N", description, 1, MaxThreads, value);

    /// <summary>Creates the option for the seed of all random choices.</summary>
    public static Option<int> CreateSeed() =>
        Create("--seed", "N", "Seed of all random choices", int.MinValue, int.MaxValue, 1);

    /// <summary>NaN lies outside all bounds; a decimal comma is no number, so that 0,25 is not read as 25.</summary>
    static T Parse<T>(ArgumentResult result, string name, T least, T most) where T : struct, INumber<T>
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most)
        {
            return value;
        }

        var kind = T.IsZero(T.One / (T.One + T.One)) ? "whole number" : "number"; // 1 / 2
        result.AddError($"{name} '{text}': give a {kind} from {least} to {most}");
        return default;
    }
}

/// <summary>Represents an option whose value lies within bounds.</summary>
interface IBoundedOption
{
    (string Least, string Most) Bounds { get; }
}

/// <summary>Represents an option that takes a number within bounds.</summary>
sealed class NumberOption<T>(string name, IFormattable least, IFormattable most) : Option<T>(name), IBoundedOption
{
    public (string Least, string Most) Bounds { get; } =
        (least.ToString(null, CultureInfo.InvariantCulture), most.ToString(null, CultureInfo.InvariantCulture));
}
