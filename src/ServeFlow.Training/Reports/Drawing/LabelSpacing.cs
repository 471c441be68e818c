namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Moves things along a line as little as it takes for none to touch the next.</summary>
static class LabelSpacing
{
    /// <param name="wanted">Middles, rising.</param>
    /// <param name="gap">Least distance between two.</param>
    /// <param name="low">No middle lies below.</param>
    /// <param name="high">Nor above, as long as all fit.</param>
    public static double[] Separate(IReadOnlyList<double> wanted, double gap, double low, double high)
    {
        var places = wanted.ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], i == 0 ? low : places[i - 1] + gap);
        }

        for (var i = places.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], i == places.Length - 1 ? high : places[i + 1] - gap);
        }

        return places;
    }
}
