namespace ServeFlow.Cli.Configuration;

/// <summary>Is the configuration that a process runs by, which can be read again while it runs.</summary>
/// <param name="source">Where it is read from.</param>
/// <param name="began">What the process began with.</param>
sealed class UsedConfiguration(ConfigurationSource source, ReadConfiguration began)
{
    /// <summary>Says what follows from the errors of a configuration, after a line for each of them.</summary>
    public const string NoneApplied = "the configuration is wrong, so none of it was applied";

    /// <summary>Gets what the process began with.</summary>
    public ReadConfiguration Began { get; } = began;

    /// <summary>Gets what the process runs by now.</summary>
    public ReadConfiguration Current { get; private set; } = began;

    /// <summary>Reads it again, with everything that is wrong with it.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public ReadConfiguration ReadAgain() => source.Read();

    /// <summary>Makes the current one of what was read again; returns the settings that differ from before.</summary>
    public IReadOnlyList<SettingRow> Use(ReadConfiguration next)
    {
        var before = Current;
        Current = next;
        return
        [
            .. before.Effective().Zip(next.Effective())
                .Where(pair => !pair.First.Words.SequenceEqual(pair.Second.Words)).Select(pair => pair.Second.Row),
        ];
    }

    /// <summary>Says why a configuration could not be read or applied, and what follows from that.</summary>
    public static string DescribeFailure(InputException failure) =>
        $"{failure.Message}: none of the configuration was applied";

    /// <summary>Says what became of settings that were read again, a line each.</summary>
    /// <param name="changed">The settings that differ from before.</param>
    /// <param name="isApplied">Whether the running process takes a new value of a setting.</param>
    /// <param name="process">What it is: sensor or worker.</param>
    public static IReadOnlyList<string> Describe(IReadOnlyList<SettingRow> changed, Func<SettingRow, bool> isApplied,
        string process)
    {
        var applied = changed.Where(isApplied).Select(row => row.Key).ToList();
        var waiting = changed.Where(row => !isApplied(row)).Select(row => row.Key).ToList();
        var first = $"configuration read again: {(applied.Count > 0 ? string.Join(", ", applied) : "nothing")} changed";
        return waiting.Count == 0 ? [first] :
        [
            first, $"{string.Join(", ", waiting)}: cannot change while the {process} runs: restart it for that",
        ];
    }
}
