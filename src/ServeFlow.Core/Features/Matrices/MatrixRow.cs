using ServeFlow.Packets;

namespace ServeFlow.Features.Matrices;

/// <summary>
/// Names the flow, or window of one, that a row of a feature matrix is of. The source sent its first packet.
/// </summary>
/// <param name="Capture">The capture's name, relative to what was read, with '/'.</param>
/// <param name="Protocol">IANA protocol number.</param>
/// <param name="FirstNs">Capture time of the first packet, of the flow or the window, nanoseconds since the Unix
/// epoch.</param>
/// <param name="Label">Null where the matrix has no labels.</param>
public readonly record struct MatrixRow(string Capture, IpAddress Source, ushort SourcePort, IpAddress Destination,
    ushort DestinationPort, byte Protocol, long FirstNs, string? Label)
{
    /// <summary>Gets the number of the window in its flow; 0 where rows are flows.</summary>
    public long Window { get; init; }

    /// <summary>Gets the protocol as labels files spell it: <c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmp6</c>, or its
    /// number.</summary>
    public string ProtocolText => Protocol switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        58 => "icmp6",
        _ => Protocol.ToString(),
    };
}
