using ServeFlow.Flows;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Represents the flow rules that a bundle was trained by: serving ends flows as training did.</summary>
/// <param name="TcpIdleTimeoutMs">Idle timeout of TCP, ms.</param>
/// <param name="UdpIdleTimeoutMs">Idle timeout of all other protocols, ms.</param>
/// <param name="ActiveTimeoutMs">Total time after which a flow goes on as a continuation, ms.</param>
/// <param name="TcpCloseLingerMs">How long a closed connection keeps its flow, ms.</param>
/// <param name="Dedup">Whether packets that a capture shows a second time were left out.</param>
public sealed record BundleFlows(double TcpIdleTimeoutMs, double UdpIdleTimeoutMs, double ActiveTimeoutMs,
    double TcpCloseLingerMs, bool Dedup)
{
    /// <summary>Limits every timeout: a year lies beyond any flow, and within what times can be apart.</summary>
    const double MaxMs = 366.0 * 86_400_000;

    /// <summary>Gets whether all timeouts are times that a flow table can keep.</summary>
    internal bool AreUsable => new[] { TcpIdleTimeoutMs, UdpIdleTimeoutMs, ActiveTimeoutMs, TcpCloseLingerMs }
        .All(ms => ms is >= 0.001 and <= MaxMs);

    public static BundleFlows From(FlowOptions rules) => new(rules.TcpIdleTimeout.TotalMilliseconds,
        rules.UdpIdleTimeout.TotalMilliseconds, rules.ActiveTimeout.TotalMilliseconds,
        rules.TcpCloseLinger.TotalMilliseconds, rules.DropsDuplicates);

    /// <summary>Gets the rules as a flow table takes them.</summary>
    public FlowOptions ToOptions() => new()
    {
        TcpIdleTimeout = TimeSpan.FromMilliseconds(TcpIdleTimeoutMs),
        UdpIdleTimeout = TimeSpan.FromMilliseconds(UdpIdleTimeoutMs),
        ActiveTimeout = TimeSpan.FromMilliseconds(ActiveTimeoutMs),
        TcpCloseLinger = TimeSpan.FromMilliseconds(TcpCloseLingerMs),
        DropsDuplicates = Dedup,
    };
}
