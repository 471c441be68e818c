using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Tells how long flows have to be waited for by a model that wants that many packets.</summary>
/// <param name="Packets">The number of packets that the model waits for.</param>
/// <param name="Complete">Share of the flows that have as many before they end and before the wait limit.</param>
/// <param name="WaitMs">Milliseconds from the first packet, at evenly spaced shares of all flows, from the soonest to
/// the last; a flow with fewer packets is waited for until it ends or the limit is reached.</param>
public sealed record WaitCurve(int Packets, double Complete, IReadOnlyList<double> WaitMs)
{
    /// <summary>Specifies the paper's depths and those between.</summary>
    static readonly int[] DefaultDepths = [1, 2, 3, 5, 10];

    /// <summary>Computes the curves for the usual depths that the data set holds, and for those given.</summary>
    internal static IReadOnlyList<WaitCurve> Compute(FlowSample flows, TimeSpan limit, IEnumerable<int> depths) =>
    [
        .. DefaultDepths.Where(d => d <= flows.Data.Depth).Union(depths).Order().Select(d => Compute(flows, limit, d)),
    ];

    static WaitCurve Compute(FlowSample flows, TimeSpan limit, int depth)
    {
        var waits = Enumerable.Range(0, flows.Count).Select(position =>
            WaitTime.Compute(flows, position, depth, limit)).ToList();
        double[] sorted = [.. waits.Select(w => w.ReadyNs / 1e6).Order()];
        return new(depth, waits.Average(w => w.Packets == depth ? 1.0 : 0),
            Quantiles.Curve(sorted));
    }
}
