namespace ServeFlow.Flows;

/// <summary>Holds the flow rules that were asked for; what they mean: docs/flows.md.</summary>
public sealed record FlowOptions
{
    public TimeSpan TcpIdleTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Idle timeout of UDP and of every other protocol without connections.</summary>
    public TimeSpan UdpIdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ActiveTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Gets how long a TCP connection that is over keeps its flow, so that its last packets do not open a new one.
    /// Default: Zeek's <c>tcp_close_delay</c>.
    /// </summary>
    public TimeSpan TcpCloseLinger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets whether the VLAN id is part of the key. Leave it off where taps tag one direction only.</summary>
    public bool VlanInKey { get; init; }

    /// <summary>
    /// Gets whether packets that the capture shows a second time are left out; otherwise they are counted, and are
    /// packets of their flows.
    /// </summary>
    public bool DropsDuplicates { get; init; }

    /// <summary>Hard limit of the table, in flows. Reaching it starts emergency mode; it is never exceeded.</summary>
    public int MaxFlows { get; init; } = 1 << 20;

    /// <summary>
    /// Key of the table's hash; null draws one per process, so that collisions cannot be precomputed.
    /// </summary>
    public ulong? HashSeed { get; init; }
}
