using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServeFlow.Cli.Configuration;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Provides the options of <c>serve</c> that try models beside the one that answers.</summary>
static class ServeModelArguments
{
    static readonly Option<string?> Canary = new("--canary")
    {
        Description = "Have another bundle answer a share of the flows, such as models/iot/2=0.1; a flow's addresses "
            + "and ports decide which. BUNDLE is a path, or NAME[@VERSION] of the folder of bundles",
        HelpName = "BUNDLE=SHARE",
        Validators = { PathOptions.NotEmpty, CheckCanary },
    };

    static readonly Option<string?> Shadow = new("--shadow")
    {
        Description = "Have another bundle answer all flows, too, and compare its answers, which go into no record. "
            + "BUNDLE is a path, or NAME[@VERSION] of the folder of bundles",
        HelpName = "BUNDLE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> Disagreements = new("--shadow-disagreements")
    {
        Description = "Write both answers of the flows on which the shadow disagrees to a file, as EVE records",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<long?> PromoteAfter = NumberOptions.CreateOptional("--promote-after", "N",
        "Have the shadow answer by itself once N flows were compared, if it agrees on enough of them", 1,
        long.MaxValue);

    static readonly Option<double> MinAgreement = NumberOptions.Create("--promote-agreement", "SHARE",
        "With --promote-after: the share of flows on which the shadow must agree", 0.0, 1.0, 0.99);

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        new("models.canary", Canary), new("models.shadow", Shadow), new("models.disagreements", Disagreements),
        new("models.promote-after", PromoteAfter), new("models.promote-agreement", MinAgreement),
    ];

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Canary, Shadow, Disagreements, PromoteAfter, MinAgreement })
        {
            command.Options.Add(option);
        }

        command.RequireWith(PromoteAfter, "says when a shadow is promoted: give --promote-after, or leave it out",
            MinAgreement);
    }

    public static ModelTrials Read(ParseResult parsed)
    {
        var canary = parsed.GetValue(Canary);
        return new()
        {
            Canary = canary?[..canary.LastIndexOf('=')],
            Share = canary is null ? 0 : ParseShare(canary) ?? 0,
            Shadow = parsed.GetValue(Shadow),
            Disagreements = parsed.GetValue(Disagreements),
            Promotion = parsed.GetValue(PromoteAfter) is { } flows ? new(flows, parsed.GetValue(MinAgreement)) : null,
        };
    }

    /// <summary>Gets what stands behind the last <c>=</c>; null where it is no share.</summary>
    public static double? ParseShare(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture,
            out var share) && share is > 0 and <= 1 ? share : null;
    }

    static void CheckCanary(OptionResult result)
    {
        if (result.GetValueOrDefault<string>() is { Length: > 0 } text && ParseShare(text) is null)
        {
            result.AddError($"--canary '{text}': give BUNDLE=SHARE with a share above 0 and at most 1, such as "
                + "models/iot/2=0.1");
        }
    }
}
