using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Configuration;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Lists the settings of <c>serve</c>: which key of a configuration is which option.</summary>
sealed partial class ServeCommand
{
    SettingTable? settings;
    UsedConfiguration? used;
    ConfigurationSource? shown;

    /// <summary>Gets the table of settings.</summary>
    public SettingTable Settings => settings!;

    public string[] Configure(ParseResult given, string[] arguments, out IReadOnlyList<string> errors)
    {
        errors = [];
        var path = given.GetValue(ConfigurationFile) ?? FindDefault(given);
        var opened = new ConfigurationSource(Settings, path, given, arguments);
        shown = opened;
        if (given.Errors.Any(error => SettingMerge.OptionOf(error) == ConfigurationFile)
            || (path is null && opened.Variables.Count == 0))
        {
            return arguments;
        }

        if (long.TryParse(path, out _) && !File.Exists(path))
        {
            throw new InputException($"-c {path}: is the configuration file: give the packets to stop after with "
                + $"--count {path}");
        }

        used = new(opened, opened.Read());
        errors = [.. used.Began.Errors.Select(error => error.ToString())];
        return used.Began.Arguments;
    }

    /// <summary>Opens a configuration as the verb would with these options beside it.</summary>
    /// <param name="variables">The environment; this process's by default.</param>
    public ConfigurationSource Open(string? path, string[] options,
        IReadOnlyDictionary<string, string>? variables = null) =>
        new(Settings, path, Settings.Command.Parse(options, SettingMerge.Parser), [Name, .. options])
        {
            Variables = variables ?? EnvironmentLayer.Read(),
        };

    /// <summary>
    /// Reads the settings that hold, as <c>config dump</c> shows them: of what was read again, those that a running
    /// sensor takes.
    /// </summary>
    IReadOnlyList<ShownSetting> ReadSettings()
    {
        if ((used?.Current ?? shown?.Read()) is not { } read)
        {
            return [];
        }

        var began = used?.Began ?? read;
        var areOutputsSame = began == read || ServeChanges.HaveSamePlaces(ParseOptions(began.Parse()).Sinks.Outputs,
            ParseOptions(read.Parse()).Sinks.Outputs);
        return [.. began.Effective().Zip(read.Effective()).Select(pair => Show(pair.First, pair.Second,
            ServeChanges.IsApplied(pair.Second.Row, areOutputsSame)))];
    }

    static ShownSetting Show(SettingValue started, SettingValue read, bool isApplied)
    {
        var value = ConfigurationDump.FormatValue(read);
        return isApplied || started.Words.SequenceEqual(read.Words)
            ? new(read.Row.Key, value, read.Origin.ToString())
            : new(read.Row.Key, ConfigurationDump.FormatValue(started),
                $"{started.Origin}; at the next start {value} ({read.Origin})");
    }

    /// <summary>A replay at full speed waits for a remote tier, as it does for its outputs.</summary>
    static bool WaitsForAnswers(CommandResult result) =>
        result.GetValue(Read) is not null && double.IsInfinity(result.GetValue(Speed));

    static string? FindDefault(ParseResult given) =>
        given.GetResult(BundlePath) is not { Tokens.Count: > 0 }
        && !(given.GetValue(Model) ?? []).Any(TaskArguments.IsTask) && File.Exists(DefaultFile) ? DefaultFile : null;

    static SettingTable CreateTable(ServeCommand command)
    {
        return new(command,
        [
            new("bundle", BundlePath) { Help = "A bundle's folder, the folder of one version, or a folder of bundles" },
            new("model", Model)
            {
                Help = "Of a folder of bundles: the one that answers first, NAME or NAME@VERSION. Of several tasks: a "
                    + "list of TASK=BUNDLE, and no 'bundle'",
            },
            new("stop-timeout", StopTimeout),
            DaemonArguments.UserRow,
            .. ServeModelArguments.Rows,
            .. RemoteTier.Rows,
            .. ClusterTier.Rows,
            new("capture.interfaces", Interfaces),
            new("capture.read", Read),
            new("capture.filter", Filter) { Help = "A filter in libpcap's language, such as 'tcp port 443'" },
            new("capture.workers", Workers),
            new("capture.snap-length", SnapLength),
            new("capture.buffer", RingKib),
            new("capture.promiscuous", NotPromiscuous)
            {
                IsNegated = true,
                Help = "Capture all packets of the link, not only those addressed to this machine",
            },
            new("capture.backend", Backend),
            new("capture.low-latency", LowLatency),
            DaemonArguments.WaitRow,
            new("capture.speed", Speed),
            new("capture.count", PacketLimit),
            new("capture.duration", Duration),
            .. Expansion.Options.Select(option => new SettingRow($"capture.{option.Name[2..]}", option)),
            .. FlowRules.Options.Select(option => new SettingRow($"flows.{option.Name[2..]}", option)),
            .. ServeSinkArguments.Rows,
            .. ServeDumpArguments.Rows,
            new("statistics.interval", Interval) { IsReloadable = true },
            new("statistics.file", StatisticsFile),
            .. LogArguments.Rows,
            .. ServeHttpArguments.Rows,
        ])
        {
            Alternatives = (
                ["capture.interfaces", "capture.snap-length", "capture.buffer", "capture.promiscuous",
                    "capture.backend", "capture.low-latency", "capture.wait-interfaces"],
                ["capture.read", "capture.speed"]),
        };
    }

    /// <summary>
    /// Reads the configuration again. Gives the options that hold now, and the settings that have changed; null where
    /// there is no configuration.
    /// </summary>
    /// <exception cref="InputException">The configuration is wrong: all that is wrong with it.</exception>
    ServeReload? Reread()
    {
        if (used?.ReadAgain() is not { } next)
        {
            return null;
        }

        return next.Errors.Count > 0
            ? new(null, [], [.. next.Errors.Select(error => error.ToString())])
            : new(ParseOptions(next.Parse()), used.Use(next), []);
    }
}

/// <summary>Holds a configuration that was read again.</summary>
/// <param name="Options">What holds now; null where the configuration is wrong.</param>
/// <param name="Changed">The settings that differ from before.</param>
/// <param name="Errors">Everything that is wrong with it.</param>
sealed record ServeReload(ServeOptions? Options, IReadOnlyList<SettingRow> Changed, IReadOnlyList<string> Errors);
