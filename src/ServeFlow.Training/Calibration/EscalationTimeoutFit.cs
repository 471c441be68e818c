
namespace ServeFlow.Training.Calibration;

/// <summary>Holds the escalation timeouts that were fitted for the tiers of a cascade.</summary>
/// <param name="TimeoutsNs">The timeouts in nanoseconds, by tier and then by predicted class; null where a tier waits
/// to the limit, as the last does.</param>
/// <param name="MeanMsBefore">Mean wait of the calibration flows without it.</param>
/// <param name="MeanMs">The mean wait with these timeouts, in milliseconds.</param>
/// <param name="Lost">Right answers that it costs there, less those that it gains.</param>
public sealed record FittedEscalationTimeouts(IReadOnlyList<IReadOnlyList<long>?> TimeoutsNs, double MeanMsBefore,
    double MeanMs,
    int Lost)
{
    /// <summary>Gets the share of the flows that could be answered early, and wait so that timeouts can be shorter.
    /// </summary>
    public double GivenUpShare { get; init; }
}

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
    readonly int[] flows;
    readonly Outcome start;
    double spent;

    /// <param name="table">What every tier answers on any number of packets.</param>
    /// <param name="flows">The flows to fit on.</param>
    /// <param name="classes">The number of classes.</param>
    public EscalationTimeoutFit(EscalationTimeoutTable table, int[] flows, int classes)
    {
        this.table = table;
        this.flows = flows;
        timeouts =
            [.. Enumerable.Range(0, table.Tiers).Select(_ => Enumerable.Repeat(table.WaitLimitNs, classes).ToArray())];
        start = Simulate();
    }

    /// <summary>Gets the timeouts as they are now, by tier and predicted class.</summary>
    public IReadOnlyList<long[]> TimeoutsNs => timeouts;

    /// <summary>Lowers timeouts until no step fits what may be lost; further calls go on from there.</summary>
    /// <param name="maxLost">Right answers that may be lost, those of earlier calls included.</param>
    /// <param name="shortestNs">The shortest timeout that may be chosen, in nanoseconds.</param>
    public void Lower(double maxLost, long shortestNs, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var best = Groups().AsParallel().SelectMany(group => Steps(group, shortestNs))
                .Where(step => step.SavedNs > MinSaved * start.WaitNs && spent + step.Cost <= maxLost)
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

    /// <summary>Gets what has been fitted so far, for what is served.</summary>
    public FittedEscalationTimeouts ToFitted()
    {
        var after = Simulate();
        return new([.. timeouts.Select(l => l.Any(ns => ns < table.WaitLimitNs) ? l.ToArray() : null)],
            start.MeanMs(flows.Length), after.MeanMs(flows.Length), start.Right - after.Right);
    }

    /// <summary>Finds the flows that wait, by the tier that is unsure of them and its answer.</summary>
    List<(int Tier, int Class, int[] Flows)> Groups()
    {
        var groups = new Dictionary<(int, int), List<int>>();
        foreach (var flow in flows)
        {
            foreach (var group in table.WaitingTiers(flow, timeouts))
            {
                (groups.TryGetValue(group, out var list) ? list : groups[group] = []).Add(flow);
            }
        }

        return [.. groups.OrderBy(g => g.Key).Select(g => (g.Key.Item1, g.Key.Item2, g.Value.ToArray()))];
    }

    IEnumerable<Step> Steps((int Tier, int Class, int[] Flows) group, long shortestNs)
    {
        var current = timeouts[group.Tier][group.Class];
        var before = group.Flows.Select(f => table.Simulate(f, timeouts)).ToArray();
        long[][] tried = [.. timeouts];
        tried[group.Tier] = [.. timeouts[group.Tier]];
        foreach (var limit in StepsNs.Where(ns => ns < current && ns >= shortestNs))
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

    Outcome Simulate()
    {
        var outcomes = flows.Select(flow => table.Simulate(flow, timeouts)).ToArray();
        return new(outcomes.Sum(outcome => outcome.WaitNs), outcomes.Count(outcome => outcome.IsRight));
    }

    readonly record struct Outcome(long WaitNs, int Right)
    {
        public double MeanMs(int flows) => flows == 0 ? 0 : WaitNs / 1e6 / flows;
    }

    sealed record Step(int Tier, int Class, long LimitNs, long SavedNs, double Cost);
}
