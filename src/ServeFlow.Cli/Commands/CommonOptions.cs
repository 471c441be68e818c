using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Units;

namespace ServeFlow.Cli.Commands;

/// <summary>Options that several verbs share, so that they read and behave the same everywhere.</summary>
static class CommonOptions
{
    /// <summary>Stands for a feature set that training chooses.</summary>
    const string Auto = "auto";

    public static Argument<string> Bundle() => new("BUNDLE")
    {
        Description = "A bundle's folder, or the folder of one version",
    };

    public static Option<string> Read() => new("--read", "-r")
    {
        Description = "A capture file (pcap, pcapng, snoop, ERF; also gzip, zstd, xz, bzip2, lz4), a directory "
            + "(searched recursively), or '-' for standard input",
        HelpName = "PATH",
        Validators = { NotEmpty },
        Required = true,
    };

    public static Option<string?> Labels() => new("--labels")
    {
        Description = "Labels file: a CSV with a header and the columns src,sport,dst,dport,proto,label, optionally "
            + "pcap and first_ts. Without it, the directory of a capture is the class",
        HelpName = "CSV",
        Validators = { NotEmpty },
    };

    public static Option<TimeSpan> LabelShift() => new("--label-shift")
    {
        Description = "Add this to first_ts of every label row, such as 3h, -90m or -5h30m: the labels were written in "
            + "another time zone, or by another clock",
        HelpName = "TIME",
        CustomParser = ParseShift,
    };

    /// <summary>Creates the option that makes one time line of several captures.</summary>
    public static Option<bool> Join() => new("--join")
    {
        Description = "Treat a directory as one link: flows continue from one file to the next, "
            + "and files that overlap are merged by time",
    };

    public static Option<string> Features() => new("--features")
    {
        Description = "Feature set: nprint:HEADERS[+dir][+size][+iat][+agg][+burst] with headers out of "
            + "ip4,ip6,tcp,udp,icmp, or none; +agg adds sums, means, deviations and extremes over the packets, +burst "
            + "the same over bursts of them; 'paper' is nprint:ip4,tcp,udp",
        HelpName = "SET",
        DefaultValueFactory = _ => FeatureSchema.DefaultSet,
    };

    /// <summary>Like <see cref="Features"/>, where the set may be left to be chosen.</summary>
    public static Option<string> FeaturesOrAuto()
    {
        var option = Features();
        option.Description = $"{Auto}: chosen by what models gain on other captures among header bits, +dir, +size, "
            + $"+iat and +agg. {option.Description}";
        option.HelpName = $"{Auto}|SET";
        option.DefaultValueFactory = _ => Auto;
        return option;
    }

    /// <summary>Returns the feature set asked for; where none is, the default one of the unit.</summary>
    public static string FeaturesOf(ParseResult parsed, Option<string> features, Option<TimeSpan?> window) =>
        parsed.GetResult(features) is { Implicit: false } && !IsAuto(parsed, features)
            ? parsed.GetRequiredValue(features)
            : parsed.GetValue(window) is null ? FeatureSchema.DefaultSet : FeatureSchema.DefaultWindowSet;

    /// <summary>Determines whether the feature set is to be chosen.</summary>
    public static bool IsAuto(ParseResult parsed, Option<string> features) =>
        parsed.GetRequiredValue(features).Trim() == Auto;

    public static Option<string> Mask() => new("--mask")
    {
        Description = "Fields hidden from models: 'default' (those that identify a host or a capture), 'none', or a "
            + "list of fields, such as ipv4_src,tcp_sprt",
        HelpName = "none|default|LIST",
        DefaultValueFactory = _ => "default",
    };

    public static Option<TimeSpan?> Window(string description) => new("--window")
    {
        Description = description,
        HelpName = "LENGTH",
        CustomParser = result => ParseWindow(result),
    };

    public static Option<double> WaitLimit(string description) => NumberOptions.Create("--wait-limit", "SECONDS",
        description, 0.001, 86_400, CollectionRule.DefaultWaitLimit.TotalSeconds);

    /// <summary>Creates an option that takes the path of a file or, with another help name, of a directory.</summary>
    public static Option<string?> Path(string name, string description, string helpName = "FILE",
        params string[] aliases) => new(name, aliases)
        {
            Description = description,
            HelpName = helpName,
            Validators = { NotEmpty },
        };

    public static Option<string?> Configuration() =>
        Path("--config", "Take settings from a YAML file; options override it", aliases: "-c");

    public static Option<string?> Write(string description) => Path("--write", description, "OUT", "-w");

    public static Option<bool> Json() => new("--json")
    {
        Description = "Print one JSON object and nothing else on standard output",
    };

    public static Option<bool> SafeCells() => new("--csv-safe")
    {
        Description = "CSV: put ' before names and labels that a spreadsheet would run as a formula (= + - @)",
    };

    public static Option<int> Seed() => NumberOptions.Create("--seed", "N",
        "Seed of all random choices", int.MinValue, int.MaxValue, 1);

    static TimeSpan ParseShift(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (ShiftText.TryParse(text, out var shift))
        {
            return shift;
        }

        result.AddError($"--label-shift '{text}': give hours, minutes or seconds, such as 3h, -90m or -5h30m");
        return default;
    }

    static TimeSpan? ParseWindow(ArgumentResult result)
    {
        try
        {
            return FlowWindows.ParseLength(result.Tokens is [var token] ? token.Value : "");
        }
        catch (InputException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }

    /// <summary>Refuses an empty path: a variable of a script that was not set gives one.</summary>
    public static void NotEmpty(OptionResult result)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{result.Option.Name} is empty: give {result.Option.HelpName ?? "a value"}");
        }
    }
}
