using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Waiting time by packet depth, as cumulative shares of the flows (the paper's Figure 3).</summary>
static class WaitFigure
{
    /// <summary>Shorter waits than 10 µs are drawn as that: what a capture's clock tells apart ends there.</summary>
    const double ShortestMs = 0.01;

    public static Figure Draw(EvaluationResult result)
    {
        var waits = result.Waits.Where(w => w.Packets > 1).ToList();
        Series[] series = [.. waits.Select((w, i) => LatencyFigure.Cdf(
            $"{w.Packets} packets ({NumberText.Percent(w.Complete, 0)} have them)", w.WaitMs,
            SeriesLook.Nth(i) with { Mark = Mark.None }))];
        var plot = new Plot
        {
            Label = "waiting time by packet depth",
            Description = string.Join("; ", waits.Select(w => $"{w.Packets} packets: median "
                + $"{AxisText.Duration(w.WaitMs[w.WaitMs.Count / 2])}")) + ".",
            X = Axis.Decades("wait from the first packet", AxisUnit.Duration,
                series.SelectMany(s => s.Points).Select(p => p.X).Append(16), ShortestMs),
            Y = Axis.Shares("share of flows"),
            Series = series,
            Guides = [new(16, "16 ms")],
        };
        return new("Waiting time by packets wanted", "Of all evaluated flows. One packet is not waited for. In "
            + "brackets the share of flows that have as many packets in time.", plot.Draw(),
            LatencyFigure.Data("waiting", "packets", series));
    }
}
