using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Leader;

/// <summary>
/// Holds what is known of a fleet's nodes, and leads its changes. It keeps nothing on a disk: after the worker that it
/// was on has died, another one learns all from the next reports. docs/decisions/0048-fleet-by-reports.md.
/// </summary>
/// <param name="clock">Gives the time since any fixed moment.</param>
/// <param name="cluster">The name of the cluster, without which states of other clusters are not told apart.</param>
/// <param name="host">The name of the worker that it is on.</param>
sealed class FleetBoard(Func<TimeSpan> clock, string cluster = "", string host = "")
{
    /// <summary>Specifies how long a node may say nothing and still be there: several reports, of which some hang.
    /// </summary>
    static readonly TimeSpan Presence = TimeSpan.FromSeconds(4);

    /// <summary>Specifies how long nodes are listened to before the first change, as each may know a newer state. It
    /// exceeds the time between two reports also where one of them hangs.</summary>
    static readonly TimeSpan Gathering = TimeSpan.FromSeconds(3);

    /// <summary>Specifies how long nobody may have reported: after that, the worker itself stood still.</summary>
    static readonly TimeSpan Gap = TimeSpan.FromSeconds(2);

    /// <summary>Limits the nodes that are known.</summary>
    const int MaxNodes = 10_000;

    /// <summary>Limits the nodes of which others are told.</summary>
    const int MaxOthers = 100;

    /// <summary>Exceeds the decisions that any fleet makes.</summary>
    const long MaxEpoch = 1L << 40;

    /// <summary>Specifies how long a node that is gone is shown.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    const string Present = "present";

    const string OtherSensor = "another sensor has this name too, and is not taken into the fleet: give each its own "
        + "by --cluster-name";

    readonly SortedDictionary<string, Node> nodes = new(StringComparer.Ordinal);
    TimeSpan began = clock();
    TimeSpan heard = clock();
    FleetState state = new();
    FleetAttempt? attempt;

    /// <summary>Takes what a node tells, and says what it is to do.</summary>
    public FleetOrder Report(NodeReport report)
    {
        var key = $"{report.Kind} {report.Name}";
        if (report.Name.Length > 100 || (nodes.Count >= MaxNodes && !nodes.ContainsKey(key)))
        {
            return new() { Refusal = $"its name is too long, or the fleet has {MaxNodes} nodes already" };
        }

        if (nodes.TryGetValue(key, out var known) && known.Report.Instance != report.Instance && IsPresent(known))
        {
            nodes[key] = known with { TurnedAwayAt = clock() };
            return new()
            {
                Refusal = report.Worker is null
                    ? $"another sensor has the name {report.Name}: give each its own by --cluster-name"
                    : "another worker had this address a moment ago",
            };
        }

        Forget();
        Listen();
        nodes[key] = new(IsOlder(report, known) ? known!.Report : report with { Others = [] }, clock())
        {
            TurnedAwayAt = known?.Report.Instance == report.Instance ? known.TurnedAwayAt : null,
        };
        report.Others.Take(MaxOthers).ToList().ForEach(Recall);
        if (report.State.IsNewerThan(state) && report.State.Cluster == cluster && report.State.Epoch <= MaxEpoch)
        {
            state = report.State;
            if (attempt?.Id != state.Id)
            {
                attempt?.Outdate();
            }
        }

        Step();
        return new()
        {
            State = state,
            Attempt = attempt is { IsStaging: true } ? attempt.Id : "",
            Model = attempt is { IsStaging: true } && attempt.Concerns(report) ? attempt.Model : null,
            Workers = [.. FindPresent(node => node.Worker is not null).Select(worker => worker.Name)],
            IsHurried = attempt is { IsOver: false },
            IsGathering = IsGathering,
            Leader = host,
            Others = report.Worker is null ? []
                : [.. View().Nodes.Where(node => node.State != Present || (node.Report.Worker is not null
                    && node.Report.Name == host)).OrderBy(node => node.Age).Take(MaxOthers)
                    .Select(node => node with { Report = node.Report with { State = new() } })],
        };
    }

    /// <summary>Begins a change; says at once where it cannot be.</summary>
    public FleetProgress Begin(FleetChange change)
    {
        Step();
        if (change.FindFault() is { } fault)
        {
            return Refuse(fault);
        }

        if (change.Id == attempt?.Id || change.Id == state.Id)
        {
            return Follow(change.Id); // it was asked for again, as the answer did not come
        }

        if (attempt is { IsOver: false })
        {
            return Refuse("another change is under way: try again when it is over");
        }

        attempt = new(change, cluster, clock());
        Step();
        return Follow(attempt.Id);
    }

    /// <summary>Tells how a change stands.</summary>
    public FleetProgress Follow(string id)
    {
        Step();
        return attempt?.Id == id ? attempt.Describe(clock())
            : id.Length > 0 && state.Id == id ? new()
            {
                Attempt = id,
                IsOver = true,
                IsDone = true,
                Answers = $"{state.Setting}",
            }
            : Refuse("the worker that led the change is gone") with { IsUnknown = true };
    }

    /// <summary>Shows all nodes that were heard, which may be few where it has just begun.</summary>
    public FleetView View()
    {
        Forget();
        return new(state, [.. nodes.Values.Select(node => new FleetNode(Describe(node),
            node.Report.IsLeaving ? "left" : IsPresent(node) ? Present : "away",
            Math.Round((clock() - node.HeardAt).TotalSeconds, 1)))])
        {
            Problem = !IsGathering ? ""
                : $"{host} began to lead the fleet a moment ago, and has not heard every node yet",
        };
    }

    /// <summary>Determines whether a report was overtaken by a later one of the same process, as one that hung may
    /// be.</summary>
    static bool IsOlder(NodeReport report, Node? known) => known?.Report.Instance == report.Instance
        && report.Seconds < known.Report.Seconds;

    bool IsGathering => clock() - began < Gathering || clock() - heard > Gap;

    static FleetProgress Refuse(string why) => new() { IsOver = true, Messages = [why] };

    /// <summary>Lets go of nodes that are gone for long.</summary>
    void Forget()
    {
        foreach (var (key, _) in nodes.Where(node => clock() - node.Value.HeardAt > Memory).ToList())
        {
            nodes.Remove(key);
        }
    }

    /// <summary>Begins to listen anew where this worker stood still, as all the others look away then.</summary>
    void Listen()
    {
        if (clock() - heard > Gap)
        {
            began = clock();
        }

        heard = clock();
    }

    /// <summary>Takes note of a node that has said nothing here, and was heard by whoever led the fleet before. It
    /// counts as away until it says something itself.</summary>
    void Recall(FleetNode node)
    {
        var key = $"{node.Report.Kind} {node.Report.Name}";
        if (node.Age >= 0 && node.Age < Memory.TotalSeconds && node.Report.Name.Length <= 100
            && nodes.Count < MaxNodes && !nodes.ContainsKey(key))
        {
            var age = TimeSpan.FromSeconds(Math.Max(node.Age, Presence.TotalSeconds));
            nodes[key] = new(node.Report with { Others = [] }, clock() - age);
        }
    }

    /// <summary>Moves the change on, as far as it goes.</summary>
    void Step()
    {
        if (attempt is { IsOver: false } && !IsGathering
            && attempt.Step(clock(), state, FindPresent(_ => true)) is { } next && next.IsNewerThan(state))
        {
            state = next;
        }
    }

    List<NodeReport> FindPresent(Func<NodeReport, bool> isWanted) =>
        [.. nodes.Values.Where(IsPresent).Select(node => node.Report).Where(isWanted)];

    bool IsPresent(Node node) => !node.Report.IsLeaving && clock() - node.HeardAt < Presence;

    /// <summary>Returns what a node said last, with what it does not know itself: that another one has its name.
    /// </summary>
    NodeReport Describe(Node node) => node.Report.Worker is null && node.TurnedAwayAt is { } at
        && clock() - at < Presence ? node.Report with
        {
            Problem = string.Join("; ", new[] { node.Report.Problem, OtherSensor }.Where(text => text.Length > 0)),
        } : node.Report;

    /// <summary>Represents a node that was heard.</summary>
    sealed record Node(NodeReport Report, TimeSpan HeardAt)
    {
        /// <summary>Gets when another node of the same name was turned away last; null for never.</summary>
        public TimeSpan? TurnedAwayAt { get; init; }
    }
}
