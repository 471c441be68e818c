using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Leader;

/// <summary>
/// Represents one change of a fleet on its way. First every node that is there makes the model ready; once all have
/// said so the change is decided, and if one cannot, or the time is over, it is not. A roll-back is decided at once, as
/// one node in trouble must not keep a bad model answering on the others.
/// </summary>
/// <param name="cluster">The name of the cluster.</param>
sealed class FleetAttempt(FleetChange change, string cluster, TimeSpan began)
{
    const int MaxEarlier = 4;
    const int MaxPublished = 16;

    readonly List<string> messages = [];
    readonly List<string> done = [];
    IReadOnlyList<string> members = [];
    FleetState? next;
    bool hasBegun;
    bool isDone;
    TimeSpan? endedAt;

    public string Id => change.Id;

    /// <summary>Gets the model that it is about; null where there is none.</summary>
    public FleetModel? Model { get; private set; }

    /// <summary>Gets whether nodes are to make the model ready.</summary>
    public bool IsStaging { get; private set; }

    public bool IsOver => endedAt is not null;

    /// <summary>Determines whether a node must make the model ready: each worker, and each sensor that will use it.
    /// </summary>
    public bool Concerns(NodeReport node) => node.Worker is not null || change.Sensors.Count == 0
        || change.Sensors.Contains(node.Name);

    public FleetProgress Describe(TimeSpan now) => new()
    {
        Attempt = Id,
        IsOver = IsOver,
        IsDone = isDone,
        Seconds = Math.Round(((endedAt ?? now) - began).TotalSeconds, 3),
        Messages = [.. messages],
        Model = Model,
        Answers = isDone ? $"{next!.Setting}" : "",
        Nodes = [.. done],
    };

    /// <summary>A newer decision was made elsewhere: this one is not made any more.</summary>
    public void Outdate()
    {
        if (!IsOver)
        {
            Fail(began, ["another change was decided first"]);
        }
    }

    /// <summary>Moves it on; gives the state that was decided, or null where none was.</summary>
    /// <param name="present">What the nodes that are there have said last.</param>
    public FleetState? Step(TimeSpan now, FleetState state, IReadOnlyList<NodeReport> present)
    {
        if (!hasBegun && !Begin(now, state, present))
        {
            return null;
        }

        if (IsStaging)
        {
            return Stage(now, present);
        }

        if (next is { } decided && !isDone)
        {
            isDone = true;
            return decided;
        }

        Confirm(now, present);
        return null;
    }

    static string Name(NodeReport node) => $"{node.Kind} {node.Name}";

    bool Begin(TimeSpan now, FleetState state, IReadOnlyList<NodeReport> present)
    {
        hasBegun = true;
        if (state.Id == Id) // another worker has decided it, and could not say so before it died
        {
            (next, isDone) = (state, true);
            members = [.. present.Where(Concerns).Select(Name)];
            return true;
        }

        if (FindProblem(state, present) is { } problem)
        {
            Fail(now, [problem]);
            return false;
        }

        members = [.. present.Where(Concerns).Select(Name)];
        if (members.Count == 0)
        {
            Fail(now, ["no node of the fleet is there: try again when 'ctl fleet' shows some"]);
            return false;
        }

        next = Decide(state) with { Epoch = state.Epoch + 1, Id = Id, By = change.By, Cluster = cluster };
        IsStaging = change.Kind is FleetChangeKind.Activate or FleetChangeKind.Canary;
        return true;
    }

    /// <summary>Finds the model, and what speaks against the change.</summary>
    string? FindProblem(FleetState state, IReadOnlyList<NodeReport> present)
    {
        if (change.Kind == FleetChangeKind.RollBack)
        {
            Model = state.Earlier is [.., var last] ? last.Main : null;
            return state.Earlier.Count > 0 ? null : "the fleet had no other setting before: there is nothing to go "
                + "back to";
        }

        var named = state.Published.Where(model => model.Name == change.Name).ToList();
        if (change.Kind == FleetChangeKind.Publish)
        {
            Model = new(change.Name, change.Version, change.Sha256);
            return named.Find(model => model.Version == Model.Version) is { } other && other != Model
                ? $"{Model}: was published with another content ({TierKey.Shorten(other.Sha256)}): give it a new "
                    + "version"
                : null;
        }

        Model = change.Version == 0 ? named.MaxBy(model => model.Version)
            : named.Find(model => model.Version == change.Version);
        var asked = InputException.Quote(change.Version == 0 ? change.Name : $"{change.Name}@{change.Version}");
        return Model is null
            ? $"the fleet has no model '{asked}': publish it first; it has "
                + string.Join(", ", state.Published.Select(model => $"{model}").DefaultIfEmpty("none"))
            : change.Sensors.FirstOrDefault(name => !present.Any(node => node.Sensor is not null && node.Name == name))
                is { } missing ? $"sensor {InputException.Quote(missing)}: is not there"
            : change.Kind == FleetChangeKind.Canary && Model == state.Setting.Main
                ? $"{Model}: answers everywhere already" : null;
    }

    FleetState Decide(FleetState state) => change.Kind switch
    {
        FleetChangeKind.Publish => state with
        {
            Published = [.. state.Published.Where(model => model != Model).Append(Model!).TakeLast(MaxPublished)],
        },
        FleetChangeKind.Activate => Set(state, new() { Main = Model }),
        FleetChangeKind.Canary => Set(state, state.Setting with
        {
            Canary = Model,
            Share = change.Share,
            Sensors = change.Sensors,
        }),
        _ => state with { Setting = state.Earlier[^1], Earlier = [.. state.Earlier.SkipLast(1)] },
    };

    /// <summary>Returns a state of another setting, from which one can go back to the one before.</summary>
    static FleetState Set(FleetState state, FleetSetting setting) => setting == state.Setting ? state : state with
    {
        Setting = setting,
        Earlier = [.. state.Earlier.Append(state.Setting).TakeLast(MaxEarlier)],
    };

    /// <summary>Decides once all are ready; gives up once one cannot, or the time is over.</summary>
    FleetState? Stage(TimeSpan now, IReadOnlyList<NodeReport> present)
    {
        var said = present.Where(node => node.Staged == Id && members.Contains(Name(node))).ToDictionary(Name);
        var problems = said.Where(node => node.Value.Problem.Length > 0)
            .Select(node => $"{node.Key}: {node.Value.Problem}").ToList();
        var missing = members.Where(name => !said.ContainsKey(name)).ToList();
        var isLate = now - began >= change.Within;
        if (problems.Count > 0 || (missing.Count > 0 && isLate))
        {
            Fail(now, [.. problems, .. missing.Where(_ => isLate).Select(name => present.Any(node => Name(node) == name)
                ? $"{name}: was not ready in time" : $"{name}: says nothing any more")]);
            return null;
        }

        if (missing.Count > 0)
        {
            return null;
        }

        IsStaging = false;
        isDone = true;
        return next;
    }

    /// <summary>Waits until every node that is there works by what was decided.</summary>
    void Confirm(TimeSpan now, IReadOnlyList<NodeReport> present)
    {
        var there = present.Where(node => members.Contains(Name(node))).ToList();
        var waiting = there.Where(node => node.Applied < next!.Epoch
            || (node.Applied == next.Epoch && node.AppliedId != next.Id)).ToList();
        if (waiting.Count > 0 && now - began < change.Within + change.Within)
        {
            return;
        }

        messages.AddRange(waiting.Select(node => node.Problem.Length > 0 ? $"{Name(node)}: {node.Problem}"
            : $"{Name(node)}: has not said that it is done; it goes on trying"));
        messages.AddRange(there.Except(waiting).Where(node => node.Problem.Length > 0)
            .Select(node => $"{Name(node)}: {node.Problem}"));
        messages.AddRange(members.Where(name => !present.Any(node => Name(node) == name))
            .Select(name => $"{name}: says nothing any more; it catches up when it is back"));
        done.AddRange(there.Except(waiting).Where(node => node.Problem.Length == 0
            && (node.Worker is not null || change.Kind != FleetChangeKind.Publish)).Select(Name));
        endedAt = now;
    }

    void Fail(TimeSpan now, IReadOnlyList<string> why)
    {
        messages.AddRange(why);
        IsStaging = false;
        endedAt = now;
    }
}
