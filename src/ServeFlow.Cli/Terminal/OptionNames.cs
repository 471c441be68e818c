using System.CommandLine;

namespace ServeFlow.Cli.Terminal;

/// <summary>Spells the settings that errors point at as options of the command line.</summary>
static class OptionNames
{
    /// <summary>Gets the options that set these settings, each with its verb where the verb that failed has no such
    /// option.</summary>
    /// <param name="verb">The verb that failed.</param>
    public static IEnumerable<string> Find(IEnumerable<Setting> settings, Command verb) =>
        settings.Distinct().Select(Find)
            .Select(option => Has(verb, option.Name) ? option.Name : $"{option.Verb} {option.Name}");

    /// <summary>Gets the option that sets a setting, and the verb that it belongs to first of all.</summary>
    public static (string Verb, string Name) Find(Setting setting) => setting switch
    {
        Setting.Bundle => ("train", "--output"),
        Setting.CaptureCount => ("synth", "--captures"),
        Setting.CaptureParts => ("features", "--calibrate"),
        Setting.Captures => ("train", "--read"),
        Setting.ClassCount => ("synth", "--classes"),
        Setting.Confidence => ("train", "--confidence"),
        Setting.Depths => ("train", "--depths"),
        Setting.Features => ("train", "--features"),
        Setting.FlowCount => ("synth", "--flows"),
        Setting.HoldOut => ("train", "--hold-out"),
        Setting.Import => ("train", "--import"),
        Setting.Labels => ("train", "--labels"),
        Setting.LabelShift => ("train", "--label-shift"),
        Setting.Load => ("evaluate", "--load"),
        Setting.Mask => ("train", "--mask"),
        Setting.MaxLoss => ("train", "--max-loss"),
        Setting.Models => ("train", "--models"),
        Setting.PacketsPerFlow => ("synth", "--packets-per-flow"),
        Setting.Rate => ("synth", "--rate"),
        Setting.Report => ("evaluate", "--report"),
        Setting.Split => ("train", "--split"),
        Setting.SyntheticSet => ("synth", "--out"),
        Setting.Tiers => ("train", "--tiers"),
        Setting.Unknown => ("train", "--unknown"),
        Setting.Window => ("train", "--window"),
        _ => throw new ArgumentOutOfRangeException(nameof(setting), setting, "has no option"),
    };

    static bool Has(Command verb, string name) => verb.Options.Any(option => option.Name == name);
}
