using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Compares the answers to one task with the baseline of the model that gives them. When another model takes over, its
/// answers are compared with its own baseline, and what was known of the traffic by the earlier one is forgotten.
/// </summary>
sealed class DriftWatch
{
    readonly Lock gate = new();
    readonly int workers;
    Watched now;
    Watched polled;

    /// <param name="plan">What answers first.</param>
    /// <param name="model">Its number.</param>
    /// <param name="workers">The number of workers: each has a part of a window.</param>
    public DriftWatch(CascadePlan plan, int model, int workers)
    {
        this.workers = workers;
        now = polled = Watch(plan, model);
    }

    /// <summary>Gets what is known now; null where the bundle has no baseline. From any thread.</summary>
    public DriftState? State => Volatile.Read(ref now).Monitor?.State;

    /// <summary>Finds what counts the answers of a worker; null where nobody compares them.</summary>
    public DriftCounter? FindCounter(int worker) => Volatile.Read(ref now).Monitor?.Counters[worker];

    /// <summary>Compares the answers of this model from now on; nothing changes where it is the same. From any thread.
    /// </summary>
    public void Use(CascadePlan plan, int model)
    {
        lock (gate)
        {
            if (model != now.Model)
            {
                Volatile.Write(ref now, Watch(plan, model));
            }
        }
    }

    /// <summary>Looks at what the workers have counted since the last call, from one thread.</summary>
    /// <param name="utc">The time of now.</param>
    /// <returns>What there is to say, in order.</returns>
    public IReadOnlyList<DriftNews> Poll(DateTime utc)
    {
        var latest = Volatile.Read(ref now);
        List<DriftNews> news = [.. polled.Poll(utc)];
        if (latest != polled)
        {
            news.AddRange(Leave(polled, latest, utc));
            polled = latest;
        }

        return news;
    }

    /// <summary>A drift that one model saw is over for whoever follows the records: another one answers now.</summary>
    static IEnumerable<DriftNews> Leave(Watched before, Watched next, DateTime utc)
    {
        var name = $"{next.Plan.Name} {next.Plan.Version}";
        if (before.Monitor?.State is { SinceNs: { } since } state)
        {
            yield return new($"drift: it began {DriftText.Time(since, utc)}, and {name} answers now",
                DriftEvent.Format(new(false, since, state), before.Plan));
        }

        if (before.Monitor is not null && next.Monitor is null)
        {
            yield return new($"drift is not watched: {name} does not say what the traffic of training looked like",
                null);
        }
    }

    Watched Watch(CascadePlan plan, int model) =>
        new(plan, model, plan.Drift is { } baseline ? new(baseline, workers) : null);

    /// <summary>Represents a model, its number, and what compares its answers; null where its bundle has no
    /// baseline.</summary>
    sealed record Watched(CascadePlan Plan, int Model, DriftMonitor? Monitor)
    {
        public IEnumerable<DriftNews> Poll(DateTime utc) => (Monitor?.Poll() ?? [])
            .Select(change => new DriftNews(DriftText.Format(change, utc), DriftEvent.Format(change, Plan)));
    }
}

/// <summary>Represents something to say about the traffic.</summary>
/// <param name="Text">A line for people.</param>
/// <param name="Line">The same for outputs, as a line of EVE; null for none.</param>
readonly record struct DriftNews(string Text, byte[]? Line);
