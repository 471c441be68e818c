using ServeFlow.Serving.Workers;

namespace ServeFlow.Service.Live;

/// <summary>Represents rates over time, a column for each: every list has a value for each of the times.</summary>
/// <param name="Step">Seconds from one value to the next.</param>
/// <param name="Times">The end of each step, in seconds since the Unix epoch.</param>
/// <param name="Packets">Packets a second; the others are rates too, where they are not said to be anything else.
/// </param>
/// <param name="Active">Flows that are open.</param>
/// <param name="Undecided">Flows that wait for their answer.</param>
public sealed record HistoryDocument(int Step, IReadOnlyList<double> Times, IReadOnlyList<double> Packets,
    IReadOnlyList<double> Flows, IReadOnlyList<double> Answers, IReadOnlyList<double> Dropped,
    IReadOnlyList<double> Lost, IReadOnlyList<long> Active, IReadOnlyList<long> Undecided,
    IReadOnlyList<TierHistory> Tiers, IReadOnlyList<LabelHistory> Labels)
{
    /// <summary>Computes the rates of each second of the last five minutes, or of each minute of the last hour.
    /// </summary>
    public static HistoryDocument From(SensorHistory history, bool byMinute)
    {
        var samples = history.Read(byMinute);
        var labels = history.Labels;
        List<(SensorSample Before, SensorSample Now)> steps = [.. samples.Zip(samples.Skip(1))];
        return new(byMinute ? 60 : 1, [.. steps.Select(step => Math.Round(Unix(TimeOf(step.Now)), 3))],
            Rates(sample => sample.Packets), Rates(sample => sample.Account.Created),
            Rates(sample => sample.Account.Decisions.Total), Rates(sample => sample.Dropped),
            Rates(sample => sample.Lost), [.. steps.Select(step => step.Now.Account.Active)],
            [.. steps.Select(step => step.Now.Account.Undecided)],
            [.. history.Tiers.Select((name, tier) => new TierHistory(name,
                Rates(sample => sample.AnswersOfTier(tier)), Rates(sample => sample.ShedByTier(tier)),
                Waits(tier, 0.5), Waits(tier, 0.99)))],
            [.. labels.Select((name, label) => new LabelHistory(name,
                Rates(sample => sample.AnswersOf(label, labels.Count - 1))))]);

        // Times go back evenly from the newest, also where the clock was set between two samples.
        DateTime TimeOf(SensorSample sample) => samples[^1].At - (samples[^1].Elapsed - sample.Elapsed);

        double[] Rates(Func<SensorSample, long> count) => [.. steps.Select(step => Rate(step, count))];

        double?[] Waits(int tier, double share) => [.. steps.Select(step => WaitQuantile.Find(
            step.Before.Account.Answers.Waits(tier), step.Now.Account.Answers.Waits(tier), share))];
    }

    /// <summary>Computes a rate between two samples.</summary>
    internal static double Rate((SensorSample Before, SensorSample Now) step, Func<SensorSample, long> count) =>
        Math.Round((count(step.Now) - count(step.Before))
            / Math.Max((step.Now.Elapsed - step.Before.Elapsed).TotalSeconds, 1e-3), 2);

    static double Unix(DateTime time) => (time - DateTime.UnixEpoch).TotalSeconds;
}

/// <summary>Represents the answers of a tier over time.</summary>
/// <param name="Shed">Answers that would have been escalated but for the load.</param>
/// <param name="WaitMsP50">The median of the packet time waited for them; null where there was none.</param>
/// <param name="WaitMsP99">The 99th percentile.</param>
public sealed record TierHistory(string Name, IReadOnlyList<double> Answers, IReadOnlyList<double> Shed,
    IReadOnlyList<double?> WaitMsP50, IReadOnlyList<double?> WaitMsP99);

/// <summary>Represents the packet time that was waited for a tier's answers over a stretch of time.</summary>
/// <param name="P50Ms">The median of all answers of that time; null where there was none.</param>
/// <param name="P99Ms">The 99th percentile.</param>
public sealed record TierWaits(double? P50Ms, double? P99Ms)
{
    /// <summary>Computes them for each tier, over the last seconds.</summary>
    public static IReadOnlyList<TierWaits> From(SensorHistory history, int seconds)
    {
        var samples = history.Read(byMinute: false);
        var before = samples[Math.Max(0, samples.Count - 1 - seconds)].Account.Answers;
        var now = samples[^1].Account.Answers;
        return
        [
            .. history.Tiers.Select((_, tier) => new TierWaits(
                WaitQuantile.Find(before.Waits(tier), now.Waits(tier), 0.5),
                WaitQuantile.Find(before.Waits(tier), now.Waits(tier), 0.99))),
        ];
    }
}

/// <summary>Represents the answers of a label over time.</summary>
public sealed record LabelHistory(string Name, IReadOnlyList<double> Answers);

/// <summary>Finds quantiles of waits from counts by bound.</summary>
static class WaitQuantile
{
    /// <summary>
    /// Finds the wait that a share of answers did not exceed, in milliseconds, within its bounds in proportion; null
    /// where there were none.
    /// </summary>
    public static double? Find(ReadOnlySpan<long> before, ReadOnlySpan<long> now, double share)
    {
        var total = 0L;
        for (var i = 0; i < now.Length; i++)
        {
            total += now[i] - before[i];
        }

        return total > 0 ? Find(before, now, share * total, AnswerTally.WaitBoundsMs) : null;
    }

    static double Find(ReadOnlySpan<long> before, ReadOnlySpan<long> now, double rank, ReadOnlySpan<double> bounds)
    {
        var below = 0.0;
        for (var i = 0; i < bounds.Length; i++)
        {
            var count = now[i] - before[i];
            if (below + count >= rank && count > 0)
            {
                var least = i == 0 ? 0 : bounds[i - 1];
                return Math.Round(least + ((bounds[i] - least) * (rank - below) / count), 3);
            }

            below += count;
        }

        return bounds[^1];
    }
}
