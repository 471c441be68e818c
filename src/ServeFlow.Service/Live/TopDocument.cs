using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Service.Live;

/// <summary>Describes what a sensor does now: rates over the last seconds, beside the counts since its start.</summary>
/// <param name="Timestamp">When that was, in UTC.</param>
/// <param name="Window">Seconds that the rates are taken over; 0 where there is no second sample yet.</param>
/// <param name="Flows">Flows that began since the start.</param>
/// <param name="Overload">How many of these flows were answered early for want of room or time.</param>
public sealed record TopDocument(string Timestamp, double Window, double PacketsPerSecond, double FlowsPerSecond,
    double AnswersPerSecond, double DroppedPerSecond, double LostPerSecond, long Flows, long Active,
    long Undecided, long Overload, IReadOnlyList<TopTier> Tiers, IReadOnlyList<TopLabel> Labels)
{
    /// <summary>Specifies how many samples back rates begin.</summary>
    const int Back = 5;

    /// <summary>Computes it from the newest samples; labels come by their rate, then by their answers.</summary>
    public static TopDocument From(SensorHistory history)
    {
        var samples = history.Read(byMinute: false);
        var now = samples[^1];
        var step = (Before: samples[Math.Max(0, samples.Count - 1 - Back)], Now: now);
        var total = Math.Max(1, now.Account.Decisions.Total);
        var labels = history.Labels;
        return new($"{now.At:yyyy-MM-ddTHH:mm:ss.fffZ}",
            Math.Round((now.Elapsed - step.Before.Elapsed).TotalSeconds, 3),
            Rate(sample => sample.Packets), Rate(sample => sample.Account.Created),
            Rate(sample => sample.Account.Decisions.Total), Rate(sample => sample.Dropped),
            Rate(sample => sample.Lost), now.Account.Created, now.Account.Active, now.Account.Undecided,
            now.Account.Decisions[DecisionReason.Overload],
            [.. history.Tiers.Select((name, tier) => TopTier.From(name, tier, step, total))],
            [.. labels.Select((name, label) => Label(name, label))
                .Where(label => label.Answers > 0)
                .OrderByDescending(label => label.PerSecond).ThenByDescending(label => label.Answers)]);

        double Rate(Func<SensorSample, long> count) => HistoryDocument.Rate(step, count);

        TopLabel Label(string name, int label) => new(name, now.AnswersOf(label, labels.Count - 1),
            Rate(sample => sample.AnswersOf(label, labels.Count - 1)),
            Math.Round((double)now.AnswersOf(label, labels.Count - 1) / total, 4));
    }
}

/// <summary>Counts the answers of a label.</summary>
/// <param name="Share">Its part of all answers since the start.</param>
public sealed record TopLabel(string Name, long Answers, double PerSecond, double Share);

/// <summary>Counts the answers of a tier.</summary>
/// <param name="Share">Its part of all answers since the start.</param>
/// <param name="Shed">Answers that would have been escalated but for the load.</param>
/// <param name="Confidence">The mean confidence since the start.</param>
/// <param name="WaitMsP50">The median of the packet time waited for the answers of the last seconds.</param>
/// <param name="WaitMsP99">The 99th percentile.</param>
public sealed record TopTier(string Name, long Answers, double PerSecond, double Share, long Shed, double? Confidence,
    double? WaitMsP50, double? WaitMsP99)
{
    internal static TopTier From(string name, int tier, (SensorSample Before, SensorSample Now) step, long total)
    {
        var (before, now) = (step.Before.Account.Answers, step.Now.Account.Answers);
        var answers = step.Now.AnswersOfTier(tier);
        return new(name, answers, HistoryDocument.Rate(step, sample => sample.AnswersOfTier(tier)),
            Math.Round((double)answers / total, 4), step.Now.ShedByTier(tier),
            answers > 0 ? Math.Round(now.ConfidenceSum(tier) / answers, 4) : null,
            WaitQuantile.Find(before.Waits(tier), now.Waits(tier), 0.5),
            WaitQuantile.Find(before.Waits(tier), now.Waits(tier), 0.99));
    }
}
