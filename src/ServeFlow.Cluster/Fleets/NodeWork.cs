using System.Diagnostics;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Does what a fleet asks of a node, one thing at a time: it fetches models and makes them ready, and has the
/// node work by what was decided.</summary>
sealed class NodeWork
{
    /// <summary>Specifies how long it waits before it tries again what could not be done.</summary>
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    /// <summary>Limits how many times as long it waits for what it is to keep for others, and cannot have.</summary>
    const int MaxRetryFactor = 12;

    /// <summary>Specifies how often a refusal is said that lasts.</summary>
    static readonly TimeSpan Reminder = TimeSpan.FromMinutes(10);

    readonly IFleetNode node;
    readonly FleetReach reach;
    readonly Action<string> say;
    readonly Action<string> warn;
    readonly ModelFetch fetch;
    volatile FleetState known;
    volatile Steps progress;
    Task work = Task.CompletedTask;
    volatile string refusal = "";
    long refusalSaidAt;
    FleetModel? prepared;
    bool lacks;
    int failures;
    long failedAt = -1;

    /// <param name="end">Is cancelled when the node ends.</param>
    /// <param name="say">Is told, in one line, what the node does.</param>
    /// <param name="warn">Is told in the same way what is wrong.</param>
    public NodeWork(IFleetNode node, FleetReach reach, Action<string> say, Action<string> warn, CancellationToken end)
    {
        (this.node, this.reach, this.say, this.warn) = (node, reach, say, warn);
        fetch = new(node, reach, end);
        known = Recall();
        progress = new(Resume() ? known : new(), "", "");
    }

    /// <summary>Gets the newest state that was heard of.</summary>
    public FleetState Known => known;

    /// <summary>Gets why the fleet does not take the node; empty where it does.</summary>
    public string Refusal => refusal;

    /// <summary>Gets how far the node is.</summary>
    public Steps Progress => progress;

    /// <summary>Waits until the node has done what it is at, but not for long.</summary>
    public void Wait(TimeSpan limit) => Task.WaitAny([work], limit);

    /// <summary>Does what the fleet says, beside the caller's thread. To be called by one thread at a time.</summary>
    public void Take(FleetOrder order)
    {
        NoteRefusal(order.Refusal);
        if (order.State.IsNewerThan(known))
        {
            (known, failedAt) = (order.State, -1);
            Try(() => node.Keep(known));
        }

        if (refusal.Length > 0 || !work.IsCompleted)
        {
            return;
        }

        if (order.Model is { } model && order.Attempt != progress.Staged)
        {
            work = Task.Run(() => StageAsync(order.Attempt, model, order.Workers));
        }
        else if ((known.IsNewerThan(progress.Applied) || (lacks && order.Attempt.Length == 0)) && IsDue())
        {
            work = Task.Run(() => ApplyAsync(known, order.Workers));
        }
        else if (order.Attempt.Length == 0 && !order.IsGathering && progress.Staged.Length > 0)
        {
            progress = progress with { Staged = "", Problem = "" };
            Try(() => node.Drop(prepared));
        }
        else if (order.Attempt.Length == 0 && known.Published is [.., var latest] && latest != prepared)
        {
            prepared = latest;
            work = Task.Run(() => PrepareAsync(latest, order.Workers));
        }
    }

    void NoteRefusal(string why)
    {
        if (why.Length > 0 && (why != refusal || Stopwatch.GetElapsedTime(refusalSaidAt) >= Reminder))
        {
            refusalSaidAt = Stopwatch.GetTimestamp();
            warn($"fleet: {PrintableText.Escape(why)}");
        }
        else if (why.Length == 0 && refusal.Length > 0)
        {
            say("fleet: takes part again");
        }

        refusal = why;
    }

    /// <summary>Makes ready what was published last, as that is mostly what is decided for next: its way and its
    /// compilation are over then. What keeps it from being ready is said when it is asked for.</summary>
    async Task PrepareAsync(FleetModel model, IReadOnlyList<string> workers) => await DoAsync(async () =>
    {
        if (!node.FindNeeded(known).Contains(model))
        {
            await MakeReadyAsync(model, workers, node.Prepare);
        }
    });

    async Task StageAsync(string attempt, FleetModel model, IReadOnlyList<string> workers)
    {
        var problem = await DoAsync(() => MakeReadyAsync(model, workers, node.Stage));
        if (problem.Length == 0)
        {
            failedAt = -1; // what kept it from working by a decision may be over
        }

        progress = progress with { Staged = attempt, Problem = problem };
    }

    async Task ApplyAsync(FleetState state, IReadOnlyList<string> workers)
    {
        var problem = await DoAsync(async () =>
        {
            foreach (var model in node.FindNeeded(state).ToList())
            {
                FleetNames.Check(model);
                if (!node.Has(model))
                {
                    await MakeReadyAsync(model, workers, node.Stage);
                }
            }

            node.Apply(state);
            node.Drop(prepared);
        });
        var applied = problem.Length > 0 ? progress.Applied : state;
        if (problem.Length == 0)
        {
            problem = await KeepAsync(state, workers);
            lacks = problem.Length > 0;
        }

        failures = problem.Length > 0 ? failures + 1 : 0;
        failedAt = problem.Length > 0 ? Stopwatch.GetTimestamp() : -1;
        if (applied.IsNewerThan(progress.Applied))
        {
            say($"fleet: decision {applied.Epoch}: {applied.Setting}; published: "
                + string.Join(", ", applied.Published.Select(model => $"{model}").DefaultIfEmpty("nothing"))
                + (applied.By.Length > 0 ? $"; asked for by {PrintableText.Escape(applied.By)}" : ""));
        }

        if (problem.Length > 0 && problem != progress.Problem)
        {
            warn($"fleet: {problem}");
        }

        progress = new(applied, "", problem);
    }

    /// <summary>Fetches what the node is to keep for others, as far as it can be had; gives the first problem, or
    /// nothing.</summary>
    async Task<string> KeepAsync(FleetState state, IReadOnlyList<string> workers)
    {
        var problems = new List<string>();
        foreach (var model in node.FindKept(state).ToList())
        {
            problems.Add(await DoAsync(async () =>
            {
                if (!node.Has(model))
                {
                    await fetch.RunAsync(model, workers, folder => node.Store(model, folder), "");
                }
            }));
        }

        return problems.Find(problem => problem.Length > 0) ?? "";
    }

    /// <param name="use">Takes the model, and the folder of its files where they were received.</param>
    async Task MakeReadyAsync(FleetModel model, IReadOnlyList<string> workers, Action<FleetModel, string?> use)
    {
        FleetNames.Check(model);
        var problem = "";
        if (node.Has(model))
        {
            try
            {
                use(model, null);
                return;
            }
            catch (InputException e) when (!node.Has(model)) // its copy is damaged: another worker may have a whole one
            {
                problem = e.Message;
            }
        }

        await fetch.RunAsync(model, workers, folder => use(model, folder), problem);
    }

    /// <summary>Does something; gives why it could not be done, or nothing.</summary>
    static async Task<string> DoAsync(Func<Task> action)
    {
        try
        {
            await action();
            return "";
        }
        catch (Exception e) // what the fleet sends must not end a node's part in it
        {
            return e.Message;
        }
    }

    /// <summary>Determines whether what could not be done is to be tried again.</summary>
    bool IsDue() => failedAt < 0 || Stopwatch.GetElapsedTime(failedAt)
        >= Retry * (known.IsNewerThan(progress.Applied) ? 1 : Math.Clamp(failures, 1, MaxRetryFactor));

    void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is InputException || e.IsFileFailure)
        {
            warn($"fleet: {e.Message}");
        }
    }

    /// <summary>Reads the state that was kept, if it is of this cluster.</summary>
    FleetState Recall()
    {
        var kept = node.Recall();
        if (kept.Epoch == 0 || kept.Cluster == reach.Cluster)
        {
            return kept;
        }

        warn($"fleet: what was kept is of cluster '{InputException.Quote(kept.Cluster)}', and not used in "
            + $"'{reach.Cluster}'");
        return new();
    }

    /// <summary>Works by the state that was kept, where that needs nobody else.</summary>
    bool Resume()
    {
        try
        {
            if (!node.FindNeeded(known).All(node.Has))
            {
                return false;
            }

            node.Apply(known);
            lacks = node.FindKept(known).Any(model => !node.Has(model));
            return true;
        }
        catch (Exception e) // the file may say anything
        {
            warn($"fleet: {e.Message}");
            return false;
        }
    }

    /// <summary>Tells how far a node is.</summary>
    /// <param name="Applied">The state that it works by.</param>
    /// <param name="Staged">The change that it is ready for, or has a problem with.</param>
    /// <param name="Problem">What it could not do; empty where all is well.</param>
    public sealed record Steps(FleetState Applied, string Staged, string Problem);
}
