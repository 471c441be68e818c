using ServeFlow.Dashboard.Feeds;

namespace ServeFlow.Dashboard.Panels;

/// <summary>
/// Places the flows' way through the tiers: a bar for each tier, what it answers to the right edge, what it escalates
/// down to the next. Each tier stands below the ends of the one before it, so that nothing crosses.
/// </summary>
sealed class SankeyLayout
{
    public const double Width = 600;
    public const double BarWidth = 10;
    const double Flows = 190;
    const double Gap = 6;
    const double TierGap = 22;

    readonly List<SankeyBar> bars = [];
    readonly List<SankeyBand> bands = [];

    SankeyLayout(IReadOnlyList<TierView> tiers, double all)
    {
        var (scale, y) = (Flows / all, 0.0);
        var left = all;
        for (var tier = 0; tier < tiers.Count; tier++)
        {
            var x = tier * (Width - BarWidth) / tiers.Count;
            bars.Add(new(x, y, left * scale, tier + 1));
            var from = y;
            foreach (var end in SankeyEnd.From(tiers[tier], tier).Where(end => end.Flows > 0))
            {
                var height = end.Flows * scale;
                bands.Add(SankeyBand.Create(x + BarWidth, from, Width - BarWidth, y, height, end));
                from += height;
                y += Math.Max(height, 1) + Gap;
            }

            left -= tiers[tier].Answers;
            y += TierGap;
            if (left > 0 && tier + 1 < tiers.Count)
            {
                bands.Add(SankeyBand.Create(x + BarWidth, from, (tier + 1) * (Width - BarWidth) / tiers.Count, y,
                    left * scale, null));
            }
        }

        Height = Math.Max(y - TierGap, Flows) + 2;
    }

    public double Height { get; }

    public IReadOnlyList<SankeyBar> Bars => bars;

    public IReadOnlyList<SankeyBand> Bands => bands;

    /// <summary>Places the tiers; gives null where nothing was answered yet.</summary>
    public static SankeyLayout? Create(IReadOnlyList<TierView> tiers) =>
        tiers.Sum(tier => tier.Answers) is > 0 and var all ? new(tiers, all) : null;
}

/// <summary>Represents the bar of a tier.</summary>
sealed record SankeyBar(double X, double Y, double Height, int Colour);

/// <summary>Holds the number of flows that a tier answers for one kind of reason.</summary>
/// <param name="Kind">in-time, early or overload.</param>
sealed record SankeyEnd(int Tier, string Kind, long Flows)
{
    public static IEnumerable<SankeyEnd> From(TierView tier, int number) =>
        [new(number, "in-time", tier.InTime), new(number, "early", tier.Early), new(number, "overload", tier.Overload)];
}

/// <summary>A band from a bar to an end or to the next bar, as the path of an SVG.</summary>
/// <param name="Colour">The colour of its tier; 7 for flows that were escalated.</param>
sealed record SankeyBand(string Path, string Kind, int Colour, double EndX, double EndY, double Height)
{
    public static SankeyBand Create(double x1, double y1, double x2, double y2, double height, SankeyEnd? end)
    {
        var middle = end is null ? (x1 + x2) / 2 : Math.Min((x1 + x2) / 2, x1 + 60);
        var least = Math.Max(height, 1);
        var there = FormattableString.Invariant(
            $"M{x1:0.#},{y1:0.#}C{middle:0.#},{y1:0.#} {middle:0.#},{y2:0.#} {x2:0.#},{y2:0.#}");
        var back = FormattableString.Invariant($"V{y2 + least:0.#}C{middle:0.#},{y2 + least:0.#} ")
            + FormattableString.Invariant($"{middle:0.#},{y1 + least:0.#} {x1:0.#},{y1 + least:0.#}Z");
        return new(there + back,
            end?.Kind ?? "escalated", end is null ? 7 : end.Tier + 1, x2, y2, least);
    }
}
