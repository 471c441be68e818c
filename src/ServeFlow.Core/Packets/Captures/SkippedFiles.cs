using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Counts the files that a search found and that were not read, by reason; keeps the first lines.</summary>
public sealed class SkippedFiles
{
    /// <summary>Enough to see what is wrong; a directory of photographs must not fill the memory.</summary>
    const int MaxLines = 100;

    /// <summary>Limits the examples that are shown; all files are counted.</summary>
    const int MaxExamples = 5;

    readonly List<string> reasons = [];
    readonly List<string> examples = [];

    /// <summary>Gets how many files were left out for each reason.</summary>
    public Tally<SkipReason> Counts { get; } = new();

    /// <summary>Gets one line with the path for each of the first hundred files.</summary>
    public IReadOnlyList<string> Reasons => reasons;

    /// <summary>Counts a file, or a folder that could not be searched.</summary>
    /// <param name="line">One line on what is wrong with it, path first.</param>
    public void Add(SkipReason reason, string line)
    {
        Counts.Count(reason);
        Keep(reasons, line, MaxLines);

        // A labels file beside the captures is no cause for alarm.
        if (reason != SkipReason.OtherFile)
        {
            Keep(examples, line, MaxExamples);
        }
    }

    /// <summary>
    /// Describes in a few lines how many files were left out and why, with the first of those that are more than other
    /// files beside the captures; no line where none was left out.
    /// </summary>
    public IEnumerable<string> Describe()
    {
        var total = Counts.Total;
        if (total == 0)
        {
            yield break;
        }

        var counts = Counts.NonZero().Select(entry => $"{entry.Count:N0} {entry.Reason.Text(entry.Count)}");
        yield return $"{total:N0} {(total == 1 ? "file" : "files")} left out: {string.Join(", ", counts)}";
        foreach (var example in examples)
        {
            yield return $"  {example}";
        }

        var more = total - Counts[SkipReason.OtherFile] - examples.Count;
        if (more > 0)
        {
            yield return $"  and {more:N0} more";
        }
    }

    /// <summary>Copies the counts and lines, to add to them without changing these.</summary>
    public SkippedFiles Clone()
    {
        var copy = new SkippedFiles();
        copy.Counts.Add(Counts);
        copy.reasons.AddRange(reasons);
        copy.examples.AddRange(examples);
        return copy;
    }

    static void Keep(List<string> lines, string line, int max)
    {
        if (lines.Count < max)
        {
            lines.Add(line);
        }
    }
}
