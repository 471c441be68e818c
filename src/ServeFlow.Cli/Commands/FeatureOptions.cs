using System.CommandLine;
using ServeFlow.Features;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes the options that say what models see of a flow's packets.</summary>
static class FeatureOptions
{
    /// <summary>Stands for a feature set that training chooses.</summary>
    const string Auto = "auto";

    public static Option<string> Set() => new("--features")
    {
        Description = "Feature set: nprint:HEADERS[+dir][+size][+iat][+agg][+burst] with headers out of "
            + "ip4,ip6,tcp,udp,icmp, or none; +agg adds sums, means, deviations and extremes over the packets, +burst "
            + "the same over bursts of them; 'paper' is nprint:ip4,tcp,udp",
        HelpName = "SET",
        DefaultValueFactory = _ => FeatureSchema.DefaultSet,
    };

    /// <summary>Like <see cref="Set"/>, where the set may be left to be chosen.</summary>
    public static Option<string> SetOrAuto()
    {
        var option = Set();
        option.Description = $"{Auto}: chosen by what models gain on other captures among header bits, +dir, +size, "
            + $"+iat and +agg. {option.Description}";
        option.HelpName = $"{Auto}|SET";
        option.DefaultValueFactory = _ => Auto;
        return option;
    }

    /// <summary>Returns the feature set asked for; where none is, the default one of the unit.</summary>
    public static string ReadSet(ParseResult parsed, Option<string> features, Option<TimeSpan?> window) =>
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
}
