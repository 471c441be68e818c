namespace ServeFlow.Training.Reports.Pages;

/// <summary>Counts as percents to one digit that add up to exactly 100.0, by largest remainders.</summary>
static class Shares
{
    const int Thousand = 1000;

    /// <returns>Tenths of a percent; all 0 where the counts are.</returns>
    public static int[] Tenths(IReadOnlyList<int> counts)
    {
        var total = counts.Sum(c => (long)c);
        if (total == 0)
        {
            return new int[counts.Count];
        }

        var tenths = counts.Select(c => (int)(c * (long)Thousand / total)).ToArray();
        var rest = counts.Index().OrderByDescending(c => c.Item * (long)Thousand % total).ThenBy(c => c.Index)
            .Take(Thousand - tenths.Sum());
        foreach (var (place, _) in rest)
        {
            tenths[place]++;
        }

        return tenths;
    }

    public static string Text(int tenths) => $"{tenths / 10}.{tenths % 10} %";
}
