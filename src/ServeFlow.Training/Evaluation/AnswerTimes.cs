using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Computes how long after its first packet each flow is answered: waiting by the capture's own clock, and computing as
/// it was measured, added at every tier that the flow passes.
/// </summary>
/// <param name="view">When each tier can score each flow.</param>
/// <param name="costNs">Measured computing of each tier, per flow.</param>
/// <param name="isAtOnce">Whether a flow is answered on its first packet without a tier. That takes less computing
/// than the first tier, whose cost stands for it.</param>
sealed class AnswerTimes(CascadeView view, IReadOnlyList<double> costNs, Func<int, bool> isAtOnce)
{
    /// <param name="flow">Place in the flows given.</param>
    /// <param name="first">The first tier that scores it.</param>
    /// <param name="last">The tier that answers it.</param>
    /// <returns>Milliseconds.</returns>
    public double LatencyMs(int flow, int first, int last)
    {
        if (isAtOnce(flow))
        {
            return costNs[0] / 1e6;
        }

        var ns = 0.0;
        for (var tier = first; tier <= last; tier++)
        {
            ns = Math.Max(ns, view.ReadyNs(flow, tier)) + costNs[tier];
        }

        return ns / 1e6;
    }

    /// <summary>Counts the packets of the flow that its answer by a tier rests on.</summary>
    public int Packets(int flow, int tier) => isAtOnce(flow) ? 1 : view.Packets(flow, tier);
}
