using System.Globalization;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Counts what became of the rows of a labels file, with examples.</summary>
/// <param name="index">The rows after all captures were read; null where there is no labels file.</param>
/// <param name="path">The labels file.</param>
/// <param name="skipReasons">What was wrong with captures that were not read.</param>
sealed class RowReport(LabelIndex? index, string? path, IReadOnlyList<string> skipReasons)
{
    readonly RowMatch[] missed = [.. (index?.Rows ?? []).Where(row => !row.IsMatched)];
    readonly LabelRow[] elsewhere = [.. index?.UnreadRows ?? []];

    public int Rows => (index?.Rows.Count ?? 0) + elsewhere.Length;

    public int Matched => (index?.Rows.Count ?? 0) - missed.Length;

    public int Missed => missed.Length;

    public int AtOtherTimes => missed.Count(row => row.IsAtOtherTime);

    /// <summary>Gets the rows for whose time the nearest of several flows is a guess.</summary>
    public int Guesses => index?.Rows.Count(row => row.IsGuess) ?? 0;

    public int Elsewhere => elsewhere.Length;

    public int WithoutLabel => index?.Unlabelled ?? 0;

    /// <summary>Gets the hours by which the times are off, in words; null where they are not.</summary>
    public string? TimeShift => Labels.TimeShift.Describe([.. missed.Where(row => row.NearestNs is not null)]);

    /// <summary>Gets a few of each kind, with the line of the file.</summary>
    public IEnumerable<string> Examples =>
    [
        .. missed.Where(row => !row.IsAtOtherTime).Select(row => $"{path}:{row.Row.Line}: no such flow in "
            + $"{row.Row.Capture ?? "any capture"}").Take(LabelReport.MaxExamples),
        .. elsewhere.Select(row => $"{path}:{row.Line}: {row.Capture} was not read{ExplainMismatch(row)}")
            .Take(LabelReport.MaxExamples),
        .. missed.Where(row => row.IsAtOtherTime).Select(Explain).Take(LabelReport.MaxExamples),
    ];

    /// <summary>Explains why no row met a flow.</summary>
    /// <param name="conflicts">Flows that rows name with different labels.</param>
    public string Explain(int conflicts)
    {
        if (conflicts > 0)
        {
            return $"{conflicts} flows have contradicting labels";
        }

        if (AtOtherTimes > 0)
        {
            return $"{AtOtherTimes} name a time at which none of their flows begins: {TimeShift ?? Examples.Last()}";
        }

        return missed.Length > 0
            ? $"first row in question: line {missed[0].Row.Line}"
            : $"all name captures that were not read, line {elsewhere[0].Line}: '{elsewhere[0].Capture}'";
    }

    /// <summary>Gets a line for each kind of row that met no flow.</summary>
    public IEnumerable<string> Lines =>
    [
        .. Some(Missed, $"{Missed:N0} rows without a flow"),
        .. Some(AtOtherTimes, $"{AtOtherTimes:N0} of these have flows, but none that begins at first_ts"
            + (TimeShift is { } shift ? $"; {shift}" : "")),
        .. Some(Guesses, $"{Guesses:N0} rows have several flows within the precision of first_ts "
            + $"(±{(index?.ToleranceNs ?? 0) / 1e9:0.###} s); the nearest got the label"),
        .. Some(WithoutLabel, $"{WithoutLabel:N0} rows without a label, left out"),
        .. Some(Elsewhere, $"{Elsewhere:N0} rows of captures that were not read"),
    ];

    static IEnumerable<string> Some(int count, string line) => count > 0 ? [line] : [];

    string Explain(RowMatch row)
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{path}:{row.Row.Line}: none of its flows begins within {index!.ToleranceNs / 1e9:0.###} s of first_ts");
        return row.NearestNs is { } nearest
            ? text + string.Create(CultureInfo.InvariantCulture,
                $"; the nearest begins {Math.Abs(nearest) / 1e9:0.######} s {(nearest < 0 ? "before" : "after")}")
            : text;
    }

    /// <summary>
    /// Explains what was wrong with a capture that a row names, if it lies among those that were read.
    /// </summary>
    string ExplainMismatch(LabelRow row) =>
        skipReasons.FirstOrDefault(reason => reason.Contains($"/{row.Capture}:", StringComparison.Ordinal))
            is { } reason ? $" ({reason})" : "";
}
