using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Walks paths of levels from strict to lax and estimates what each level loses, in every draw of captures at once.
/// From one level to the next only the flows that change hands are counted anew. Shared by threads; each walk has
/// counts of its own.
/// </summary>
/// <remarks>
/// An early answer gets no credit for being right where the last tier is wrong; see
/// <see cref="LostFlows.WithoutCredit"/>.
/// </remarks>
sealed class LossWalk
{
    readonly FlowSample flows;
    readonly int[] slow;
    readonly DrawnCounts start;
    readonly double[] referenceF1;

    /// <param name="flows">The flows to judge on.</param>
    /// <param name="slow">The last tier's predictions of them.</param>
    /// <param name="reference">Predictions of the model that losses are counted against, mostly the last tier.</param>
    /// <param name="draws">Draws of their captures.</param>
    public LossWalk(FlowSample flows, Predictions slow, Predictions reference, CaptureDraws draws)
    {
        this.flows = flows;
        this.slow = [.. Enumerable.Range(0, flows.Count).Select(slow.TopClass)];
        start = DrawnCounts.From(flows, slow, draws);
        referenceF1 = (ReferenceEquals(slow, reference) ? start : DrawnCounts.From(flows, reference, draws))
            .WeightedF1();
    }

    /// <summary>Estimates level after level, from level 0, as far as it is asked for.</summary>
    /// <param name="answers">Answers of every tier but the last, [tier][flow].</param>
    /// <param name="levels">The first level at which each tier answers each flow, [tier][flow].</param>
    /// <param name="firstDepths">The number of tiers that wait for no more packets than the first.</param>
    public IEnumerable<LevelEstimate> Walk(int[][] answers, byte[][] levels, int firstDepths)
    {
        var (counts, changes) = (start.Copy(), Changes(levels));
        var (early, first) = (0, 0);
        for (var level = 0; level <= LevelPath.Levels; level++)
        {
            foreach (var (flow, from, to) in changes[level])
            {
                Change(counts, flow, from == answers.Length ? slow[flow] : answers[from][flow], answers[to][flow]);
                early += from == answers.Length ? 1 : 0;
                first += to < firstDepths && from >= firstDepths ? 1 : 0;
            }

            yield return Estimate(level, counts, (double)early / flows.Count,
                firstDepths > answers.Length ? 1 : (double)first / flows.Count);
        }
    }

    /// <summary>Estimates what given answers lose.</summary>
    /// <param name="answers">The answer to each flow.</param>
    public LevelEstimate Judge(int level, IReadOnlyList<int> answers, double earlyShare, double firstDepthShare)
    {
        var counts = start.Copy();
        for (var flow = 0; flow < flows.Count; flow++)
        {
            Change(counts, flow, slow[flow], answers[flow]);
        }

        return Estimate(level, counts, earlyShare, firstDepthShare);
    }

    void Change(DrawnCounts counts, int flow, int from, int to)
    {
        var label = flows.Labels[flow];
        counts.Change(flow, label, LostFlows.WithoutCredit(from, slow[flow], label),
            LostFlows.WithoutCredit(to, slow[flow], label));
        if (slow[flow] == label && (from == label) != (to == label))
        {
            counts.AddLost(flow, to == label ? -1 : 1);
        }
    }

    LevelEstimate Estimate(int level, DrawnCounts counts, double earlyShare, double firstDepthShare)
    {
        double[] losses = [.. referenceF1.Zip(counts.WeightedF1(), (reference, f1) => reference - f1)];
        var lost = counts.LostShares();
        return new(level, losses[0], Bound(losses), lost[0], Bound(lost), earlyShare, firstDepthShare);
    }

    static double Bound(double[] columns)
    {
        var sorted = columns[1..];
        Array.Sort(sorted);
        return Quantiles.At(sorted, LevelRule.Confidence);
    }

    /// <summary>Lists, by level, the flows that go from one tier to an earlier one.</summary>
    List<(int Flow, int From, int To)>[] Changes(byte[][] levels)
    {
        var changes = Enumerable.Range(0, LevelPath.Levels + 1).Select(_ => new List<(int, int, int)>()).ToArray();
        for (var flow = 0; flow < flows.Count; flow++)
        {
            for (var from = levels.Length; NextTier(levels, flow, from) is var to and >= 0; from = to)
            {
                changes[levels[to][flow]].Add((flow, from, to));
            }
        }

        return changes;
    }

    /// <summary>Finds the tier that a flow goes to next as levels grow laxer; -1 where it stays.</summary>
    static int NextTier(byte[][] levels, int flow, int from)
    {
        var next = -1;
        for (var tier = from - 1; tier >= 0; tier--)
        {
            if (levels[tier][flow] != LevelPath.Never && (next < 0 || levels[tier][flow] <= levels[next][flow]))
            {
                next = tier;
            }
        }

        return next;
    }
}
