using System.CommandLine;
using System.Globalization;
using ServeFlow.Cli.Terminal;
using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Cli.Commands;

/// <summary>Represents the options that bound what compressed captures expand to, for every verb that reads
/// captures.</summary>
sealed class ExpansionArguments
{
    readonly Option<double> ratio = CreateRatio();

    readonly Option<long?> bytes = SizeOptions.Create("--max-expanded-bytes",
        "Stop reading a compressed capture that expands to more than this, such as 100GiB, whatever its size");

    /// <summary>Gets the options, the ratio first.</summary>
    public IReadOnlyList<Option> Options => [ratio, bytes];

    /// <summary>Adds the options to a verb that reads captures.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(ratio);
        verb.Add(bytes);
    }

    /// <summary>Gets the limit that was asked for.</summary>
    public ExpansionLimit Read(ParseResult parsed)
    {
        var times = parsed.GetValue(ratio);
        return new(times == 0 ? double.PositiveInfinity : times, ExpansionLimit.DefaultFreeBytes,
            parsed.GetValue(bytes) ?? long.MaxValue);
    }

    static Option<double> CreateRatio()
    {
        var option = new Option<double>("--max-expansion")
        {
            Description = "Stop reading a compressed capture that expands to more than this many times its size (and "
                + $"to more than {ExpansionLimit.DefaultFreeBytes >> 20} MiB); 0 for no limit",
            HelpName = "RATIO",
            DefaultValueFactory = _ => ExpansionLimit.DefaultRatio,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
                    && ratio >= 0))
            {
                result.AddError($"--max-expansion: '{InputException.Quote(token.Value)}' is no ratio: give a number of "
                    + "times, such as 1000, or 0 for no limit");
            }
        });
        return option;
    }
}
