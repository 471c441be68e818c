using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Commands;

/// <summary>Holds the flow rules and limits that were asked for; null where an option was not given.</summary>
sealed record FlowRequest
{
    public TimeSpan? TcpIdleTimeout { get; init; }

    public TimeSpan? UdpIdleTimeout { get; init; }

    public TimeSpan? ActiveTimeout { get; init; }

    public TimeSpan? TcpCloseLinger { get; init; }

    public int? MaxFlows { get; init; }

    public long? MemoryBytes { get; init; }

    public bool? DropsDuplicates { get; init; }

    /// <summary>Gets whether anything was asked for.</summary>
    public bool IsGiven => this != new FlowRequest();

    /// <summary>Applies the timeouts and what becomes of duplicates; limits are the caller's.</summary>
    /// <param name="basis">The rules that hold where nothing was asked for.</param>
    public FlowOptions Apply(FlowOptions basis) => basis with
    {
        TcpIdleTimeout = TcpIdleTimeout ?? basis.TcpIdleTimeout,
        UdpIdleTimeout = UdpIdleTimeout ?? basis.UdpIdleTimeout,
        ActiveTimeout = ActiveTimeout ?? basis.ActiveTimeout,
        TcpCloseLinger = TcpCloseLinger ?? basis.TcpCloseLinger,
        DropsDuplicates = DropsDuplicates ?? basis.DropsDuplicates,
    };

    /// <summary>Compiles the options of each of several workers.</summary>
    /// <param name="tasks">The plan of each task that they answer.</param>
    /// <exception cref="InputException">The memory is too little.</exception>
    public WorkerOptions ForWorkers(IReadOnlyList<CascadePlan> tasks, int workers)
    {
        var flows = Apply(tasks[0].Flows);
        var options = new WorkerOptions
        {
            MaxUndecided = WorkerMemory.MaxUndecided(tasks),
            Flows = flows with { MaxFlows = Share(flows.MaxFlows, workers) },
        };
        return MemoryBytes is { } bytes ? Bound(options, tasks, bytes / workers) : options;
    }

    static WorkerOptions Bound(WorkerOptions options, IReadOnlyList<CascadePlan> tasks, long bytes)
    {
        try
        {
            return WorkerMemory.Bound(options, tasks, bytes);
        }
        catch (InputException e)
        {
            throw new InputException($"--memory: {e.Message}", e);
        }
    }

    /// <summary>Compiles the options of what reads captures to learn from them, or to make matrices of them.</summary>
    /// <param name="depth">Packets that are kept of each flow while it is open.</param>
    /// <exception cref="InputException">The memory is too little.</exception>
    public FlowOptions ForReading(int depth)
    {
        var flows = Apply(new());
        flows = flows with { MaxFlows = Share(flows.MaxFlows, 1) };
        if (MemoryBytes is not { } bytes)
        {
            return flows;
        }

        var most = FlowMemory.FlowsWithin(bytes, (long)depth * HeaderRecord.RecordLength);
        return most > 0
            ? flows with { MaxFlows = Math.Min(flows.MaxFlows, most) }
            : throw new InputException($"--memory: {bytes:N0} bytes have no room for one flow; give some MiB");
    }

    /// <summary>Says which rules differ from those that a bundle was trained by; nothing where all agree.</summary>
    public IEnumerable<string> Differences(CascadePlan plan)
    {
        var (trained, asked) = (plan.Flows, Apply(plan.Flows));
        var pairs = new (string Name, object Trained, object Asked)[]
        {
            ("--tcp-idle-timeout", trained.TcpIdleTimeout.TotalSeconds, asked.TcpIdleTimeout.TotalSeconds),
            ("--udp-idle-timeout", trained.UdpIdleTimeout.TotalSeconds, asked.UdpIdleTimeout.TotalSeconds),
            ("--active-timeout", trained.ActiveTimeout.TotalSeconds, asked.ActiveTimeout.TotalSeconds),
            ("--tcp-close-linger", trained.TcpCloseLinger.TotalSeconds, asked.TcpCloseLinger.TotalSeconds),
        };
        return pairs.Where(pair => !pair.Trained.Equals(pair.Asked)).Select(pair =>
            $"note: {pair.Name} {pair.Asked}: the bundle was trained with {pair.Trained}, so flows may end elsewhere "
            + "than its models have learned");
    }

    int Share(int most, int workers) =>
        MaxFlows is { } all ? (int)(((long)all + workers - 1) / workers) : most;
}
