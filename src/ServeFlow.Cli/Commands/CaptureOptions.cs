using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Flows;
using ServeFlow.Units;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes the options that say which captures are read, how they are labelled and what is classified of
/// them.</summary>
static class CaptureOptions
{
    public static Option<string> Read() => new("--read", "-r")
    {
        Description = "A capture file (pcap, pcapng, snoop, ERF; also gzip, zstd, xz, bzip2, lz4), a directory "
            + "(searched recursively), or '-' for standard input",
        HelpName = "PATH",
        Validators = { PathOptions.NotEmpty },
        Required = true,
    };

    public static Option<string?> Labels() => new("--labels")
    {
        Description = "Labels file: a CSV with a header and the columns src,sport,dst,dport,proto,label, optionally "
            + "pcap and first_ts. Without it, the directory of a capture is the class",
        HelpName = "CSV",
        Validators = { PathOptions.NotEmpty },
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

    public static Option<TimeSpan?> Window(string description) => new("--window")
    {
        Description = description,
        HelpName = "LENGTH",
        CustomParser = result => ParseWindow(result),
    };

    public static Option<double> WaitLimit(string description) => NumberOptions.Create("--wait-limit", "SECONDS",
        description, 0.001, 86_400, CollectionRule.DefaultWaitLimit.TotalSeconds);

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
}
