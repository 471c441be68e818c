using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServeFlow.Cli.Configuration;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>Says how a sensor starts as a part of a system.</summary>
/// <param name="User">The user that it becomes where root starts it; null to stay who it is.</param>
/// <param name="Wait">How long it waits for interfaces that are not up yet; infinite for as long as it takes.</param>
sealed record DaemonOptions(string? User, TimeSpan Wait);

/// <summary>Provides the options of <c>serve</c> that say how it starts as a part of a system.</summary>
static class DaemonArguments
{
    const string Forever = "forever";

    static readonly Option<string?> User = new("--user")
    {
        Description = "If root starts it, become this user, with no right but to capture",
        HelpName = "NAME",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<double> Wait = new("--wait-interfaces")
    {
        Description = "Wait this long for interfaces that do not exist yet or are down",
        HelpName = "SECONDS|forever",
        DefaultValueFactory = _ => 0,
        CustomParser = ParseWait,
    };

    /// <summary>Gets the option that is of no use where captures are replayed.</summary>
    public static Option OfInterfaces => Wait;

    /// <summary>Gets the setting of a configuration outside all sections.</summary>
    public static SettingRow UserRow => new("user", User);

    /// <summary>Gets the setting of a configuration among those of capturing.</summary>
    public static SettingRow WaitRow => new("capture.wait-interfaces", Wait);

    public static void AddTo(Command command)
    {
        command.Options.Add(User);
        command.Options.Add(Wait);
    }

    public static DaemonOptions Read(ParseResult parsed) => new(parsed.GetValue(User),
        parsed.GetValue(Wait) is var seconds && double.IsInfinity(seconds) ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromSeconds(seconds));

    static double ParseWait(ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (text == Forever)
        {
            return double.PositiveInfinity;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= 1e6)
        {
            return seconds;
        }

        result.AddError($"--wait-interfaces '{InputException.Quote(text)}': give a number from 0 to 1000000, or "
            + Forever);
        return 0;
    }
}
