namespace ServeFlow.Cluster.Fleets;

/// <summary>
/// Holds what is known of a fleet's nodes, and leads its changes. It keeps nothing on a disk: after the worker that it
/// was on has died, another one learns all from the next reports. docs/decisions/0048-fleet-by-reports.md.
/// </summary>
/// <param name="clock">Gives the time since any fixed moment.</param>
sealed class FleetBoard(Func<TimeSpan> clock)
{
    /// <summary>Holds how long a node may say nothing and still be there: several reports.</summary>
    static readonly TimeSpan Presence = TimeSpan.FromSeconds(3);

    /// <summary>Holds how long nodes are listened to before the first change, as each may know a newer state.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromSeconds(2);

    /// <summary>Holds how long a node that is gone is shown.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    readonly SortedDictionary<string, Node> nodes = new(StringComparer.Ordinal);
    readonly TimeSpan began = clock();
    FleetState state = new();
    FleetAttempt? attempt;

    /// <summary>Takes what a node tells, and says what it is to do.</summary>
    public FleetOrder Report(NodeReport report)
    {
        var key = $"{report.Kind} {report.Name}";
        if (nodes.TryGetValue(key, out var known) && known.Report.Instance != report.Instance && IsPresent(known))
        {
            return new()
            {
                Refusal = $"another {report.Kind} has this name: give each its own by --cluster-name",
            };
        }

        Forget();
        nodes[key] = new(report, clock());
        if (report.State.IsNewerThan(state))
        {
            state = report.State;
            attempt?.Outdate();
        }

        Step();
        return new()
        {
            State = state,
            Attempt = attempt is { IsStaging: true } ? attempt.Id : "",
            Model = attempt is { IsStaging: true } && attempt.Concerns(report) ? attempt.Model : null,
            Workers = [.. Present(node => node.Worker is not null).Select(worker => worker.Name)],
            IsHurried = attempt is { IsOver: false },
        };
    }

    /// <summary>Begins a change; says at once where it cannot be.</summary>
    public FleetProgress Begin(FleetChange change)
    {
        Step();
        if (attempt is { IsOver: false })
        {
            return Refuse("another change is under way: try again when it is over");
        }

        attempt = new(change, clock());
        Step();
        return Follow(attempt.Id);
    }

    /// <summary>Tells how a change stands.</summary>
    public FleetProgress Follow(string id)
    {
        Step();
        return attempt?.Id == id ? attempt.Describe(clock())
            : Refuse("the worker that led the change is gone: see by 'ctl fleet' whether it was decided, and ask again "
                + "if not");
    }

    public FleetView View()
    {
        Forget();
        return new(state, [.. nodes.Values.Select(node => new FleetNode(node.Report,
            node.Report.IsLeaving ? "left" : IsPresent(node) ? "present" : "away",
            Math.Round((clock() - node.HeardAt).TotalSeconds, 1)))]);
    }

    static FleetProgress Refuse(string why) => new() { IsOver = true, Messages = [why] };

    /// <summary>Lets go of nodes that are gone for long.</summary>
    void Forget()
    {
        foreach (var (key, _) in nodes.Where(node => clock() - node.Value.HeardAt > Memory).ToList())
        {
            nodes.Remove(key);
        }
    }

    /// <summary>Moves the change on, as far as it goes.</summary>
    void Step()
    {
        if (attempt is { IsOver: false } && clock() - began >= Gathering
            && attempt.Step(clock(), state, Present(_ => true)) is { } next)
        {
            state = next;
        }
    }

    List<NodeReport> Present(Func<NodeReport, bool> isWanted) =>
        [.. nodes.Values.Where(IsPresent).Select(node => node.Report).Where(isWanted)];

    bool IsPresent(Node node) => !node.Report.IsLeaving && clock() - node.HeardAt < Presence;

    /// <summary>Is a node that was heard.</summary>
    sealed record Node(NodeReport Report, TimeSpan HeardAt);
}
