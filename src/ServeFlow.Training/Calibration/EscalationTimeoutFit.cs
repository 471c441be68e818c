
namespace ServeFlow.Training.Calibration;

/// <summary>Holds the escalation timeouts that were fitted for the tiers of a cascade.</summary>
/// <param name="TimeoutsNs">The timeouts in nanoseconds, by tier and then by predicted class; null where a tier waits
/// to the limit, as the last does.</param>
/// <param name="MeanMsBefore">Mean wait of the calibration flows without it.</param>
/// <param name="MeanMs">The mean wait with these timeouts, in milliseconds.</param>
/// <param name="Lost">Right answers that it costs there, less those that it gains.</param>
public sealed record FittedEscalationTimeouts(IReadOnlyList<IReadOnlyList<long>?> TimeoutsNs, double MeanMsBefore,
    double MeanMs,
    int Lost);

/// <summary>
/// Shortens waits where waiting hardly pays: for every tier that waits and every class that it may be unsure of, lowers
/// how long it is patient with such flows, next always where most waiting is saved for the answers that it loses, until
/// what may be lost is used up. Seen on calibration flows; thresholds stay as they are.
/// </summary>
sealed class EscalationTimeoutFit
{
    /// <summary>
    /// Steps to choose among: a few for each power of ten between a round trip and the usual wait limit.
    /// </summary>
    static readonly long[] StepsNs =
        [.. new[] { 0.05, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50 }.Select(s => (long)(s * 1e9))];

    /// <summary>A step that saves less of all waiting is not worth a rule.</summary>
    const double MinSaved = 0.001;

    readonly EscalationTimeoutTable table;
    readonly long[][] timeouts;
    readonly int flows;

    EscalationTimeoutFit(EscalationTimeoutTable table, int flows, int classes)
    {
        this.table = table;
        this.flows = flows;
        timeouts =
            [.. Enumerable.Range(0, table.Tiers).Select(_ => Enumerable.Repeat(table.WaitLimitNs, classes).ToArray())];
    }

    /// <param name="table">What every tier answers on any number of packets.</param>
    /// <param name="mostLost">Right answers that may be lost.</param>
    public static FittedEscalationTimeouts Fit(EscalationTimeoutTable table, int flows, int classes, double mostLost,
        CancellationToken cancel)
    {
        var fit = new EscalationTimeoutFit(table, flows, classes);
        var before = fit.Simulate([.. Enumerable.Range(0, flows)]);
        fit.Lower(before, mostLost, cancel);
        var after = fit.Simulate([.. Enumerable.Range(0, flows)]);
        return new([.. fit.timeouts.Select(l => l.Any(ns => ns < table.WaitLimitNs) ? l : null)], before.MeanMs(flows),
            after.MeanMs(flows), before.Right - after.Right);
    }

    void Lower(Outcome start, double mostLost, CancellationToken cancel)
    {
        var spent = 0.0;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var best = Groups().AsParallel().SelectMany(Steps)
                .Where(step => step.SavedNs > MinSaved * start.WaitNs && spent + step.Cost <= mostLost)
                .OrderByDescending(step => step.SavedNs / (step.Cost + 1)).ThenBy(step => step.Tier)
                .ThenBy(step => step.Class).ThenBy(step => step.LimitNs).FirstOrDefault();
            if (best is null)
            {
                return;
            }

            timeouts[best.Tier][best.Class] = best.LimitNs;
            spent += best.Cost;
        }
    }

    /// <summary>Flows that wait, by the tier that is unsure of them and its answer.</summary>
    List<(int Tier, int Class, int[] Flows)> Groups()
    {
        var groups = new Dictionary<(int, int), List<int>>();
        for (var flow = 0; flow < flows; flow++)
        {
            foreach (var group in table.WaitingTiers(flow, timeouts))
            {
                (groups.TryGetValue(group, out var list) ? list : groups[group] = []).Add(flow);
            }
        }

        return [.. groups.OrderBy(g => g.Key).Select(g => (g.Key.Item1, g.Key.Item2, g.Value.ToArray()))];
    }

    IEnumerable<Step> Steps((int Tier, int Class, int[] Flows) group)
    {
        var current = timeouts[group.Tier][group.Class];
        var before = group.Flows.Select(f => table.Simulate(f, timeouts)).ToArray();
        long[][] tried = [.. timeouts];
        tried[group.Tier] = [.. timeouts[group.Tier]];
        foreach (var limit in StepsNs.Where(ns => ns < current))
        {
            tried[group.Tier][group.Class] = limit;
            var (saved, lost, changed) = (0L, 0, 0);
            foreach (var (i, flow) in group.Flows.Index())
            {
                var after = table.Simulate(flow, tried);
                saved += before[i].WaitNs - after.WaitNs;
                lost += (before[i].IsRight ? 1 : 0) - (after.IsRight ? 1 : 0);
                changed += before[i].IsRight != after.IsRight ? 1 : 0;
            }

            // What few flows show is uncertain: a deviation of what changed counts as lost too.
            yield return new(group.Tier, group.Class, limit, saved, Math.Max(0, lost + Math.Sqrt(changed)));
        }
    }

    Outcome Simulate(int[] of)
    {
        var (waitNs, right) = (0L, 0);
        foreach (var flow in of)
        {
            var (ns, isRight) = table.Simulate(flow, timeouts);
            waitNs += ns;
            right += isRight ? 1 : 0;
        }

        return new(waitNs, right);
    }

    readonly record struct Outcome(long WaitNs, int Right)
    {
        public double MeanMs(int flows) => flows == 0 ? 0 : WaitNs / 1e6 / flows;
    }

    sealed record Step(int Tier, int Class, long LimitNs, long SavedNs, double Cost);
}
