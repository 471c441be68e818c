using System.Text;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Sinks.Formats;

/// <summary>Provides the fixed words of records, as UTF-8.</summary>
static class RecordWords
{
    /// <summary>Specifies the number of the record layout; rises when a field changes its meaning.</summary>
    public const int Schema = 1;

    static readonly byte[][] Decisions = Encode<DecisionReason>();
    static readonly byte[][] Ends = Encode<EndReason>();
    static readonly byte[][] Tunnels = Encode<TunnelKind>();
    static readonly byte[][] TcpStates = Encode<TcpState>();

    public static ReadOnlySpan<byte> Get(DecisionReason reason) => Decisions[(int)reason];

    public static ReadOnlySpan<byte> Get(EndReason reason) => Ends[(int)reason];

    public static ReadOnlySpan<byte> Get(TcpState state) => TcpStates[(int)state];

    public static ReadOnlySpan<byte> Get(TunnelKind tunnel) => Tunnels[(int)tunnel];

    /// <summary>nDPI's word for how final an answer is: partial where the cascade did not run its course.</summary>
    public static ReadOnlySpan<byte> State(DecisionReason reason) =>
        reason is DecisionReason.Confident or DecisionReason.Escalated or DecisionReason.UnknownProtocol
            ? "classified"u8
            : "partial"u8;

    static byte[][] Encode<T>() where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(value => Encoding.UTF8.GetBytes(SnakeCase.From(value)))];
}
