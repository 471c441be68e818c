using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>
/// The flows' way through the tiers as a Sankey diagram (the arrows of the paper's Figure 4): widths are flows, and no
/// two bands cross. What a tier answers leaves to the right; what it escalates goes down to the next.
/// </summary>
sealed class FlowsFigure
{
    const double AllFlows = 300;
    const double BarWidth = 12;
    const double Left = 128;
    const double LabelWidth = 300;
    const double EndGap = 7;
    const double TierGap = 30;
    const double LabelGap = 18;
    const double Foot = 66;
    static readonly double EndX = Plot.Full - LabelWidth;

    readonly EvaluationResult result;
    readonly IReadOnlyList<TierFlows> tiers;
    readonly List<FlowsEnd> ends;
    readonly double scale;
    readonly double[] tops;

    FlowsFigure(EvaluationResult result)
    {
        this.result = result;
        tiers = [.. result.Paths.Tiers.TakeWhile((t, i) => i == 0 || t.Reached > 0)];
        scale = AllFlows / Math.Max(1, tiers[0].Reached);
        ends = FlowsEnd.From(tiers);
        tops = new double[tiers.Count];
        Arrange();
    }

    public static Figure Draw(EvaluationResult result)
    {
        var figure = new FlowsFigure(result);
        var right = figure.ends.Where(e => e.IsRight).Sum(e => e.Flows);
        var all = figure.tiers[0].Reached;
        return new("Flows through the tiers",
            $"Widths are flows: of {NumberText.Count(all)}, {NumberText.Count(right)} are answered rightly and "
            + $"{NumberText.Count(all - right)} wrongly. Ended early means that a tier answered on fewer packets than "
            + "it waits for, because the flow ended or the wait limit was reached (pale, with a dashed "
            + "rim).", figure.Draw(),
            figure.Data());
    }

    /// <summary>Ends below each other; each tier below the ends of the one before it, so that nothing
    /// crosses.</summary>
    void Arrange()
    {
        var y = 10.0;
        for (var tier = 0; tier < tiers.Count; tier++)
        {
            tops[tier] = y;
            foreach (var end in ends.Where(e => e.Tier == tier))
            {
                end.Top = y;
                y += (end.Flows * scale) + EndGap;
            }

            y += TierGap;
        }
    }

    string Draw()
    {
        var lowest = Math.Max(ends.Max(e => e.Top + (e.Flows * scale)), tops[^1] + (tiers[^1].Reached * scale));
        var middles =
            LabelSpacing.Separate([.. ends.Select(e => e.Top + (e.Flows * scale / 2))], LabelGap, 12, double.MaxValue);
        var canvas = new Canvas(Plot.Full, Math.Max(lowest + Foot, middles[^1] + 20), "flows through the tiers",
            Describe());
        for (var tier = 0; tier < tiers.Count; tier++)
        {
            DrawTier(canvas, tier);
        }

        var tenths = Shares.Tenths([.. ends.Select(e => e.Flows)]);
        foreach (var (i, end) in ends.Index())
        {
            DrawLabel(canvas, end, middles[i], Shares.Text(tenths[i]));
        }

        return canvas.ToString();
    }

    void DrawTier(Canvas canvas, int tier)
    {
        var (flows, x, y) = (tiers[tier], X(tier), tops[tier]);
        foreach (var end in ends.Where(e => e.Tier == tier))
        {
            DrawBand(canvas, (x + BarWidth, y), (EndX, end.Top), end.Flows, end.Style, (flows.Name, end.Name));
            y += end.Flows * scale;
        }

        if (tier + 1 < tiers.Count)
        {
            DrawBand(canvas, (x + BarWidth, y), (X(tier + 1), tops[tier + 1]), flows.Escalated, "band f7",
                (flows.Name, tiers[tier + 1].Name));
        }

        var height = flows.Reached * scale;
        canvas.Rect(new(x, tops[tier], BarWidth, Math.Max(1, height)), "f8",
            $"{flows.Name}: {NumberText.Count(flows.Reached, "flow")}");
        var foot = tops[tier] + height + 14;
        var model = $"{result.Tiers[tier].Model}, {NumberText.Count(flows.Packets, "packet")}";
        canvas.Text(x + BarWidth, foot, flows.Name, TextLook.Strong, TextAnchor.End);
        canvas.Text(x + BarWidth, foot + 16, model, TextLook.Plain, TextAnchor.End);
        var share = tier == 0 ? 1 : (double)flows.Reached / tiers[0].Reached;
        canvas.Text(x + BarWidth, foot + 32, $"{NumberText.Count(flows.Reached)} ({NumberText.Percent(share)})",
            TextLook.Plain, TextAnchor.End);
    }

    /// <summary>A band of constant width that leaves and arrives level.</summary>
    void DrawBand(Canvas canvas, (double X, double Y) from, (double X, double Y) to, int flows, string style,
        (string From, string To) way)
    {
        var (width, half) = (flows * scale, (from.X + to.X) / 2);
        canvas.Path($"M{N(from.X)} {N(from.Y)}C{N(half)} {N(from.Y)} {N(half)} {N(to.Y)} {N(to.X)} "
            + $"{N(to.Y)}V{N(to.Y + width)}C{N(half)} {N(to.Y + width)} {N(half)} {N(from.Y + width)} {N(from.X)} "
            + $"{N(from.Y + width)}Z", style,
            $"{way.From} → {way.To}: {NumberText.Count(flows, "flow")}",
            Canvas.Data("from", way.From) + Canvas.Data("to", way.To) + Canvas.Data("flows", flows));
    }

    void DrawLabel(Canvas canvas, FlowsEnd end, double middle, string share)
    {
        var height = end.Flows * scale;
        canvas.Rect(new(EndX, end.Top, 5, Math.Max(1, height)), end.IsRight ? "f1" : "f2");
        canvas.Line(EndX + 7, end.Top + (height / 2), EndX + 19, middle, "leader");
        var text = $"{tiers[end.Tier].Name}: {end.Name}, {NumberText.Count(end.Flows)} ({share})";
        canvas.Text(EndX + 23, middle, TextWidth.Fit(text, TextLook.Ink.Size, LabelWidth - 25), TextLook.Ink);
    }

    double X(int tier) => Left + (tier * (EndX - Left - 40) / Math.Max(2, tiers.Count));

    string Describe() => string.Join(" ", tiers.Select(t => $"{t.Name} is reached by "
        + $"{NumberText.Count(t.Reached, "flow")}, answers {NumberText.Count(t.Right + t.ShortRight)} rightly and "
        + $"{NumberText.Count(t.Wrong + t.ShortWrong)} wrongly, escalates {NumberText.Count(t.Escalated)}."));

    CsvTable Data() => new("flows",
        ["tier", "packets", "reached", "right", "wrong", "ended_early_right", "ended_early_wrong", "unknown",
            "escalated"],
        [.. result.Paths.Tiers.Select(t => new[] { t.Name, $"{t.Packets}", $"{t.Reached}", $"{t.Right}", $"{t.Wrong}",
            $"{t.ShortRight}", $"{t.ShortWrong}", $"{t.Unknown}", $"{t.Escalated}" })]);

    static string N(double value) => Canvas.N(value);
}
