namespace ServeFlow.Cascade.Drift;

/// <summary>
/// Compares the answers of all workers with the baseline, window after window, and says when a drift begins and when it
/// is over. Owned by one thread; <see cref="State"/> may be read from any.
/// </summary>
public sealed class DriftMonitor
{
    /// <summary>Specifies how many windows without anything unusual end a drift.</summary>
    const int QuietWindows = 2;

    readonly DriftPlan plan;
    readonly DriftCounter[] counters;
    readonly DriftFigure[] figures;
    readonly double[] usual;
    readonly long[] window;
    readonly double[] values;
    readonly double[] deviations;
    DriftState state;
    int quiet;

    /// <param name="workers">The number of workers: each has a part of a window.</param>
    public DriftMonitor(DriftPlan plan, int workers)
    {
        this.plan = plan;
        var block = Math.Max(1, (plan.Baseline.WindowFlows + workers - 1) / workers);
        counters = [.. Enumerable.Range(0, workers).Select(_ => new DriftCounter(plan, block))];
        figures = DriftStatistics.Figures(plan.Baseline);
        usual = Array.ConvertAll(figures, figure => figure.Value);
        window = new long[plan.Layout.Length];
        values = new double[figures.Length];
        deviations = new double[figures.Length];
        state = new();
    }

    /// <summary>Gets what counts the answers of each worker.</summary>
    public IReadOnlyList<DriftCounter> Counters => counters;

    /// <summary>Gets what is known now; from any thread.</summary>
    public DriftState State => Volatile.Read(ref state);

    /// <summary>Looks at what the workers have counted since the last call.</summary>
    /// <returns>The drifts that began or ended, in order.</returns>
    public IReadOnlyList<DriftChange> Poll()
    {
        List<DriftChange>? changes = null;
        for (var took = true; took;)
        {
            took = false;
            foreach (var counter in counters)
            {
                if (counter.TryTake(window))
                {
                    took = true;
                    if (window[DriftLayout.Flows] >= plan.Baseline.WindowFlows && Close() is { } change)
                    {
                        (changes ??= []).Add(change);
                    }
                }
            }
        }

        return changes ?? [];
    }

    /// <summary>The window is complete: compares it and begins the next.</summary>
    DriftChange? Close()
    {
        DriftStatistics.ReadValues(plan.Layout, window, values);
        DriftStatistics.Compute(plan.Layout, usual, window, values, deviations);
        var readings = Read();
        var score = readings.Max(reading => reading.Score);
        var next = State with
        {
            Windows = State.Windows + 1,
            Flows = State.Flows + window[DriftLayout.Flows],
            Score = score,
            Level = Math.Max(0, score) / plan.Baseline.AlarmScore,
            Readings = readings,
            LastNs = window[DriftLayout.LastNs],
        };
        var change = Judge(ref next, window[DriftLayout.FirstNs]);
        Volatile.Write(ref state, next);
        Array.Clear(window);
        return change;
    }

    DriftChange? Judge(ref DriftState next, long firstNs)
    {
        quiet = next.Score > 0 ? 0 : quiet + 1;
        if (next.Score > plan.Baseline.AlarmScore)
        {
            var isNew = next.SinceNs is null;
            next = next with { SinceNs = next.SinceNs ?? firstNs, Alarms = next.Alarms + (isNew ? 1 : 0) };
            return isNew ? new(true, firstNs, next) : null;
        }

        if (next.SinceNs is not { } since || quiet < QuietWindows)
        {
            return null;
        }

        next = next with { SinceNs = null };
        return new(false, since, next);
    }

    DriftReading[] Read()
    {
        var readings = new DriftReading[figures.Length];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = new(Kind(i), Name(i), values[i], figures[i].Value, figures[i].Score(deviations[i]));
        }

        return readings;
    }

    DriftKind Kind(int place) => place switch
    {
        DriftStatistics.Confidence => DriftKind.Confidence,
        DriftStatistics.Mix => DriftKind.Mix,
        DriftStatistics.Unknown => DriftKind.Unknown,
        _ when place < DriftStatistics.FirstShare(plan.Layout) => DriftKind.Escalated,
        _ when place < DriftStatistics.FirstClass(plan.Layout) => DriftKind.Share,
        _ when place < DriftStatistics.FirstQuestion(plan.Layout) => DriftKind.Class,
        _ => DriftKind.Feature,
    };

    string? Name(int place) => Kind(place) switch
    {
        DriftKind.Share => plan.Baseline.Classes[place - DriftStatistics.FirstShare(plan.Layout)].Label,
        DriftKind.Class => plan.Baseline.Classes[place - DriftStatistics.FirstClass(plan.Layout)].Label,
        DriftKind.Feature => plan.Baseline.Questions[place - DriftStatistics.FirstQuestion(plan.Layout)].Column,
        DriftKind.Escalated => plan.TierNames[place - DriftStatistics.Escalated],
        _ => null,
    };
}
