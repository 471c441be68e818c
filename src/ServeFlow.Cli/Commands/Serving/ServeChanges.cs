using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Configuration;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// Reads the configuration again and applies it to a running sensor: all that can change, or nothing where something is
/// wrong. Says what changed, and what takes effect at the next start only.
/// </summary>
/// <param name="started">What the sensor was started with.</param>
/// <param name="sinks">Its outputs, in the order of the options.</param>
sealed class ServeChanges(ServeOptions started, CascadePlan plan, ServedPlans plans,
    IReadOnlyList<SensorSink> sinks)
{
    /// <summary>Gets the interval of statistics that holds now.</summary>
    public TimeSpan StatisticsInterval { get; private set; } = started.StatisticsInterval;

    /// <summary>Gets the level of messages that holds now.</summary>
    public LogLevel LogLevel { get; private set; } = started.LogLevel;

    /// <summary>Gets whether the last configuration was wrong.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Reads the configuration again and applies it; returns what is to be said, a line each.</summary>
    /// <param name="reread">Reads it; gives null where there is none.</param>
    public IReadOnlyList<string> Reload(Func<ServeReload?>? reread)
    {
        HasFailed = false;
        try
        {
            return reread?.Invoke() is not { } reload ? []
                : reload.Options is { } options ? Apply(options, reload)
                : Fail([.. reload.Errors, UsedConfiguration.NoneApplied]);
        }
        catch (InputException e)
        {
            return Fail([UsedConfiguration.DescribeFailure(e)]);
        }
    }

    IReadOnlyList<string> Fail(IReadOnlyList<string> lines)
    {
        HasFailed = true;
        return lines;
    }

    IReadOnlyList<string> Apply(ServeOptions options, ServeReload reload)
    {
        var outputs = options.Sinks.Outputs.ToList();
        var isSame = HaveSamePlaces(outputs, started.Sinks.Outputs);
        if (isSame)
        {
            foreach (var (limits, sink) in outputs.ConvertAll(output => output.Compile(plan, plans)).Zip(sinks))
            {
                ((LimitedSink)sink.Sink).Use(limits);
            }
        }

        StatisticsInterval = options.StatisticsInterval;
        LogLevel = options.LogLevel;
        return UsedConfiguration.Describe(reload.Changed, row => IsApplied(row, isSame), "sensor");
    }

    /// <summary>Determines whether outputs go where others go: what they choose can change while a sensor runs.
    /// </summary>
    public static bool HaveSamePlaces(IEnumerable<ServeOutput> outputs, IEnumerable<ServeOutput> others) =>
        outputs.Select(Place).SequenceEqual(others.Select(Place));

    /// <summary>Determines whether a running sensor takes a new value of a setting.</summary>
    public static bool IsApplied(SettingRow row, bool areOutputsSame) =>
        row.IsReloadable && (areOutputsSame || row.Key != "outputs");

    static (string Format, string Path) Place(ServeOutput output) => (output.Format, output.Path);
}
