using System.Globalization;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Finds out whether the times of a labels file are off by whole or half hours: written in local time, without
/// daylight saving, or with a clock of twelve hours that lost its AM and PM.
/// </summary>
static class TimeShift
{
    const long StepNs = 30L * 60 * 1_000_000_000;

    /// <summary>No zone is further from UTC than 14 hours, and a lost PM adds 12.</summary>
    const int MaxSteps = 2 * 26;

    /// <summary>A morning's shift and an afternoon's, with daylight saving or without.</summary>
    const int MaxShifts = 2;

    /// <summary>
    /// Finds the shift that brings a row to a flow, as a set of bits; none where it is there already.
    /// </summary>
    /// <param name="offNs">How much later than the row says the flow begins.</param>
    public static UInt128 Find(long offNs, long toleranceNs)
    {
        var steps = (long)Math.Round((double)offNs / StepNs);
        return steps != 0 && Math.Abs(steps) <= MaxSteps && Math.Abs(offNs - (steps * StepNs)) <= toleranceNs
            ? UInt128.One << (int)(steps + MaxSteps)
            : UInt128.Zero;
    }

    /// <summary>Says which shifts would bring the rows to flows; null where they would not help most of them.</summary>
    /// <param name="rows">Rows whose time matches no flow of their five-tuple.</param>
    public static string? Describe(IReadOnlyList<RowMatch> rows)
    {
        var rest = rows;
        var found = new List<(int Steps, int Rows)>();
        while (rest.Count > 0 && found.Count < MaxShifts)
        {
            var (steps, count) = Enumerable.Range(-MaxSteps, (2 * MaxSteps) + 1)
                .Select(steps => (steps, rest.Count(row => Has(row, steps)))).MaxBy(shift => shift.Item2);
            if (count == 0)
            {
                break;
            }

            found.Add((steps, count));
            rest = [.. rest.Where(row => !Has(row, steps))];
        }

        return 2 * found.Sum(shift => shift.Rows) <= rows.Count ? null : Text(found, rows.Count);
    }

    static bool Has(RowMatch row, int steps) => (row.Shifts >> (steps + MaxSteps) & UInt128.One) != UInt128.Zero;

    static string Text(List<(int Steps, int Rows)> shifts, int all) => string.Join(", ", shifts.Select(shift =>
        (shift.Rows == all ? $"all {all:N0} rows match" : $"{shift.Rows:N0} of {all:N0} match")
        + string.Create(CultureInfo.InvariantCulture, $" if {Math.Abs(shift.Steps) / 2.0:0.#} h are ")
        + (shift.Steps < 0 ? "subtracted from first_ts" : "added to first_ts")))
        + (shifts is [var only] ? $" (a shift of {Format(only.Steps)})" : "");

    static string Format(int steps) =>
        $"{(steps < 0 ? "-" : "")}{Math.Abs(steps) / 2}h{(steps % 2 == 0 ? "" : "30m")}";
}
