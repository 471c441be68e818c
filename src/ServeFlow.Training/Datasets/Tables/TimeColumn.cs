namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// The times of a table's column. The whole column tells what one field leaves open: whether days or months come
/// first, and how precise the times are.
/// </summary>
sealed class TimeColumn
{
    const long Minute = 60_000_000_000;
    const long Second = 1_000_000_000;

    /// <summary>Limits how far a precise time may be off: labelling tools round to milliseconds.</summary>
    const long MinToleranceNs = 1_000_000;

    readonly List<TableTime?> times = [];
    int dayFirstOnly;
    int monthFirstOnly;

    /// <summary>Takes the time of the next record; null where it has none.</summary>
    /// <param name="line">The record's line.</param>
    public void Add(TableTime? time, int line)
    {
        times.Add(time);
        if (time is { MonthFirst: null } && dayFirstOnly == 0)
        {
            dayFirstOnly = line;
        }
        else if (time is { DayFirst: null } && monthFirstOnly == 0)
        {
            monthFirstOnly = line;
        }
    }

    /// <summary>
    /// Gets the records' times, ns since the Unix epoch. Days come first where nothing says otherwise.
    /// </summary>
    /// <exception cref="InputException">Some dates can only be read one way, some only the other.</exception>
    public IReadOnlyList<long?> Resolve(string path)
    {
        if (dayFirstOnly > 0 && monthFirstOnly > 0)
        {
            throw new InputException($"{path}:{Math.Max(dayFirstOnly, monthFirstOnly)}: day and month stand in another "
                + $"order than in line {Math.Min(dayFirstOnly, monthFirstOnly)}; write dates one way, best as "
                + "2017-07-25T15:30:00Z");
        }

        return [.. times.Select(time => monthFirstOnly > 0 ? time?.MonthFirst : time?.DayFirst)];
    }

    /// <summary>
    /// Computes how far a column's times may be off: as much as the finest of them leaves out, but at least a
    /// millisecond. If all are whole minutes, it is a minute.
    /// </summary>
    public static long ToleranceNs(IEnumerable<long?> times)
    {
        var grain = Minute;
        foreach (var time in times)
        {
            while (time is { } ns && ns % grain != 0)
            {
                grain = grain == Minute ? Second : grain / 10;
            }
        }

        return Math.Max(grain, MinToleranceNs);
    }
}
