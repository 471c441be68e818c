using System.CommandLine;
using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Cli.Terminal;

/// <summary>The option that bounds what compressed captures expand to, for every verb that reads captures.</summary>
static class ExpansionOption
{
    const string CaptureOption = "--read";

    /// <summary>Adds the option to a verb that reads captures; null for any other.</summary>
    public static Option<double>? AddTo(Command verb)
    {
        if (verb.Options.All(option => option.Name != CaptureOption))
        {
            return null;
        }

        var option = new Option<double>("--max-expansion")
        {
            Description = "Stop reading a compressed capture that expands to more than this many times its size (and "
                + $"to more than {ExpansionLimit.DefaultFreeBytes >> 20} MiB); 0 for no limit",
            HelpName = "RATIO",
            DefaultValueFactory = _ => ExpansionLimit.DefaultRatio,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, out var ratio) && ratio >= 0))
            {
                result.AddError($"--max-expansion: '{InputException.Quote(token.Value)}' is no ratio: give a number of "
                    + "times, such as 1000, or 0 for no limit");
            }
        });
        verb.Add(option);
        return option;
    }

    /// <summary>Sets the limit for what the verb will open.</summary>
    public static void Apply(double ratio) => ExpansionLimit.Use(
        new(ratio == 0 ? double.PositiveInfinity : ratio, ExpansionLimit.DefaultFreeBytes));
}
