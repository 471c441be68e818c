using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// How long after its first packet each flow is answered: waiting by the capture's own clock, and computing as it was
/// measured, added at every tier that the flow passes.
/// </summary>
public sealed class AnswerTimes
{
    readonly IReadOnlyList<long>[] readyNs;
    readonly IReadOnlyList<int>[] packets;
    readonly IReadOnlyList<double> costNs;

    /// <param name="flows">Places in <see cref="DataSet.Flows"/>.</param>
    /// <param name="depths">Packets that each tier waits for.</param>
    /// <param name="waitLimit">After which a flow waits no more.</param>
    /// <param name="costNs">Measured computing of each tier, per flow.</param>
    public AnswerTimes(DataSet data, IReadOnlyList<int> flows, IReadOnlyList<int> depths, TimeSpan waitLimit,
        IReadOnlyList<double> costNs)
    {
        this.costNs = costNs;
        var waits = depths.Select(d => flows.Select(f => WaitTime.Of(data, f, d, waitLimit)).ToArray()).ToArray();
        readyNs = [.. waits.Select(w => w.Select(x => x.ReadyNs).ToArray())];
        packets = [.. waits.Select(w => w.Select(x => x.Packets).ToArray())];
    }

    /// <param name="flow">Place in the flows given.</param>
    /// <param name="first">The first tier that scores it.</param>
    /// <param name="last">The tier that answers it.</param>
    /// <returns>Milliseconds.</returns>
    public double Ms(int flow, int first, int last)
    {
        var ns = 0.0;
        for (var tier = first; tier <= last; tier++)
        {
            ns = Math.Max(ns, readyNs[tier][flow]) + costNs[tier];
        }

        return ns / 1e6;
    }

    /// <summary>Packets of the flow that a tier sees.</summary>
    public int Packets(int flow, int tier) => packets[tier][flow];
}
