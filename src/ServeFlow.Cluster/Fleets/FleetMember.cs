using System.Diagnostics;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster.Fleets.Bundles;
using ServeFlow.Cluster.Fleets.Leader;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>
/// Keeps a node in step with its fleet: it reports several times a second, makes ready what is to come, and works by
/// what was decided, now or while it was away. Without a cluster it goes on as it is. docs/fleet.md.
/// </summary>
public sealed class FleetMember : IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Holds the time between two reports while a change is under way.</summary>
    static readonly TimeSpan Hurry = TimeSpan.FromMilliseconds(100);

    /// <summary>Exceeds what a cluster takes to find out that a worker has died.</summary>
    static readonly TimeSpan OutageTime = TimeSpan.FromSeconds(15);

    /// <summary>Specifies how long somebody who looks at the fleet waits for it.</summary>
    static readonly TimeSpan LookTime = TimeSpan.FromSeconds(2);

    /// <summary>Specifies how long a farewell may take.</summary>
    static readonly TimeSpan LeaveTime = TimeSpan.FromMilliseconds(500);

    readonly IFleetNode node;
    readonly FleetReach reach;
    readonly string program = typeof(FleetMember).Assembly.GetName().Version?.ToString(3) ?? "";
    readonly string instance = Guid.NewGuid().ToString("N");
    readonly long started = Stopwatch.GetTimestamp();
    readonly CancellationTokenSource end = new();
    readonly Task reporting;
    readonly NodeWork work;
    readonly FleetMemory memory = new();
    readonly Action<string> say;
    readonly Action<string> warn;

    /// <summary>Holds the nodes of which the fleet's leader told last, and when that was.</summary>
    (IReadOnlyList<FleetNode> Nodes, long ToldAt) others = ([], 0);

    /// <summary>Tells that the fleet has a new leader, which is to hear of them.</summary>
    bool isGathering;

    /// <inheritdoc cref="Join"/>
    internal FleetMember(IFleetNode node, FleetReach reach, Action<string> say, Action<string> warn)
    {
        (this.node, this.reach, this.say, this.warn) = (node, reach, say, warn);
        work = new(node, reach, say, warn, end.Token);
        reporting = Task.Run(ReportAsync);
    }

    /// <summary>Gets why the fleet does not take this node; empty where it does.</summary>
    public string Refusal => work.Refusal;

    /// <summary>Has a sensor belong to the fleet of its cluster. What was decided before its last end holds at once.
    /// </summary>
    /// <param name="tiers">Have the connections to the workers.</param>
    /// <param name="say">Is told, in one line and on any thread, what there is to say.</param>
    /// <param name="warn">Is told what is wrong in the same way.</param>
    public static FleetMember Join(ClusterTierFactory tiers, IFleetNode node, Action<string> say,
        Action<string> warn) => new(node, new SensorReach(tiers.Options.Cluster, tiers.Pool), say, warn);

    /// <summary>Shows the whole fleet; while the worker that leads it does not answer, as it was known last.</summary>
    /// <exception cref="InputException">No worker answers, for minutes.</exception>
    public FleetView Describe()
    {
        try
        {
            return memory.Take(Run(LookAsync), Report());
        }
        catch (InputException e) when (memory.Recall(e.Message, Report()) is { } known)
        {
            return known;
        }
    }

    /// <summary>Has the fleet change, and waits until that is over.</summary>
    /// <exception cref="InputException">It was not done, and every node answers as before; or nobody can say whether it
    /// was. The message tells which.</exception>
    public FleetProgress Change(FleetChange change)
    {
        CheckOne();
        FleetProgress last;
        try
        {
            last = Complete(change);
        }
        catch (InputException e)
        {
            last = new() { IsUnknown = true, Messages = [e.Message] };
        }

        return last.IsDone ? last : throw new InputException(string.Join("; ", last.Messages) + (last.IsUnknown
            ? ": see by 'ctl fleet' whether it was decided, and ask again if not" : ": nothing was changed"));
    }

    /// <summary>Gives a bundle to the fleet: to a worker, from which the other workers fetch it.</summary>
    /// <param name="folder">The folder of its files.</param>
    /// <param name="by">Who asks for it, in words; empty where nobody is known.</param>
    /// <exception cref="InputException">It is damaged, or no worker takes it.</exception>
    public FleetProgress Publish(FleetModel model, string folder, TimeSpan within, string by = "")
    {
        CheckOne();
        FleetNames.Check(model);
        Bundle.Check(folder); // here, where it can be mended: a worker would name a file of its own
        var problem = Run(() => reach.AskEachAsync([], link => TrySendAsync(link, folder, model)));
        return problem is "" ? Change(new()
        {
            Kind = FleetChangeKind.Publish,
            Name = model.Name,
            Version = model.Version,
            Sha256 = model.Sha256,
            Within = within,
            By = by,
        }) : throw new InputException(problem ?? "no worker of the cluster is connected");
    }

    public void Dispose()
    {
        end.Cancel();
        reporting.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        using var limit = new CancellationTokenSource(LeaveTime);
        Task.WaitAny([AskFleetAsync(fleet => fleet.ReportAsync(Report(isLeaving: true)), limit.Token)], LeaveTime);
        work.Wait(LeaveTime);
    }

    FleetProgress Complete(FleetChange change)
    {
        var asked = Stopwatch.GetTimestamp();
        var now = Ask(fleet => fleet.BeginAsync(change));
        while (!now.IsOver)
        {
            Thread.Sleep(Hurry);
            now = Follow(now, Stopwatch.GetElapsedTime(asked) < change.Within + OutageTime);
        }

        return now;
    }

    /// <param name="isPatient">Whether a worker that does not answer may have died, so that another one leads soon.
    /// </param>
    FleetProgress Follow(FleetProgress before, bool isPatient)
    {
        try
        {
            return Ask(fleet => fleet.FollowAsync(before.Attempt));
        }
        catch (InputException) when (isPatient && !end.IsCancellationRequested)
        {
            return before;
        }
    }

    async Task<string?> TrySendAsync(WorkerLink link, string folder, FleetModel model)
    {
        try
        {
            var problem = await BundleTransfer.SendAsync(link, folder, model, end.Token);
            return problem.Length > 0 ? $"worker {link.Address}: {problem}" : "";
        }
        catch (IOException)
        {
            return null; // another worker may be there
        }
    }

    /// <exception cref="InputException">The workers have no fleet in common.</exception>
    void CheckOne()
    {
        if (reach.Split is { } why)
        {
            throw new InputException(why);
        }
    }

    T Ask<T>(Func<IFleetGrain, Task<T>> call) => Run(() => AskFleetAsync(call, end.Token));

    static T Run<T>(Func<Task<T>> call)
    {
        try
        {
            return Task.Run(call).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            throw new InputException($"no worker of the cluster answers: {e.Message}", e);
        }
    }

    Task<T> AskFleetAsync<T>(Func<IFleetGrain, Task<T>> call, CancellationToken cancel) =>
        reach.AskAsync(grains => call(grains.GetGrain<IFleetGrain>(IFleetGrain.Key)), cancel);

    async Task<FleetView> LookAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        limit.CancelAfter(LookTime);
        try
        {
            return await AskFleetAsync(fleet => fleet.DescribeAsync(), limit.Token);
        }
        catch (OperationCanceledException e) when (!end.IsCancellationRequested)
        {
            throw new IOException($"nothing came within {LookTime.TotalSeconds} s", e);
        }
    }

    async Task ReportAsync()
    {
        var answered = Stopwatch.GetTimestamp();
        var isLost = false;
        while (!end.IsCancellationRequested)
        {
            var pause = Pause;
            try
            {
                var report = Report();
                var order = await AskFleetAsync(fleet => fleet.ReportAsync(report), end.Token);
                (pause, answered) = (order.IsHurried ? Hurry : Pause, Stopwatch.GetTimestamp());
                if (isLost)
                {
                    isLost = false;
                    say("fleet: can be reached again");
                }

                Note(order);
                work.Take(order);
                if (report.Sensor is not null && memory.IsDue)
                {
                    memory.Take(await LookAsync(), report);
                }
            }
            catch (Exception e) // the node goes on as it is, and reports again
            {
                if (!isLost && !end.IsCancellationRequested && Stopwatch.GetElapsedTime(answered) > OutageTime)
                {
                    isLost = true;
                    warn($"fleet: cannot be reached: {e.Message}; it goes on by what was decided last");
                }
            }

            await Task.Delay(pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void Note(FleetOrder order)
    {
        memory.Note(order);
        isGathering = order.IsGathering;
        others = isGathering ? others : (order.Others, Stopwatch.GetTimestamp());
    }

    /// <summary>Gets the nodes that it was told of, with their ages of now.</summary>
    IReadOnlyList<FleetNode> RecallOthers()
    {
        var (told, at) = others;
        var since = Stopwatch.GetElapsedTime(at).TotalSeconds;
        return [.. told.Select(node => node with { Age = Math.Round(node.Age + since, 1) })];
    }

    NodeReport Report(bool isLeaving = false) => node.Describe(new()
    {
        Name = node.Name,
        Instance = instance,
        Program = program,
        Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        IsLeaving = isLeaving,
        State = work.Known,
        Applied = work.Progress.Applied.Epoch,
        AppliedId = work.Progress.Applied.Id,
        Staged = work.Progress.Staged,
        Problem = work.Progress.Problem,
        Others = isGathering ? RecallOthers() : [],
    });
}
