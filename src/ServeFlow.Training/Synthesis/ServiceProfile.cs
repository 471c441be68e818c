namespace ServeFlow.Training.Synthesis;

/// <summary>Names the protocol that a flow speaks.</summary>
enum FlowKind { Tls, Quic, Dns, Media }

/// <summary>Represents a service: who its clients and servers are, and how they talk. All lengths in bytes of
/// payload.</summary>
sealed record ServiceProfile
{
    public required string Name { get; init; }

    /// <summary>Gets the share of all flows, relative to the other services.</summary>
    public required double Share { get; init; }

    public required WeightedChoice<FlowKind> Kinds { get; init; }

    public required ClientHabits Client { get; init; }

    public required ServerHabits Server { get; init; }

    public required ExchangeHabits Exchange { get; init; }
}

/// <summary>Holds what shows in a client's first packet.</summary>
sealed record ClientHabits
{
    public required WeightedChoice<TcpStack> Stacks { get; init; }

    /// <summary>Orders of a SYN's options, as systems and middleboxes leave them; see
    /// <see cref="TcpOptions"/>.</summary>
    public required WeightedChoice<string> OptionOrders { get; init; }

    public required WeightedChoice<bool> Ecn { get; init; }

    /// <summary>Gets whether datagrams may be fragmented.</summary>
    public required WeightedChoice<bool> Fragmenting { get; init; }

    /// <summary>Gets the window that the application asks for; 0 leaves the stack's.</summary>
    public required WeightedChoice<int> Windows { get; init; }

    /// <summary>Added to the stack's window scale.</summary>
    public required WeightedChoice<int> ScaleShifts { get; init; }

    /// <summary>Gets the maximum segment size less than 1460 by tunnels and proxies on the way.</summary>
    public required WeightedChoice<int> SegmentSizes { get; init; }

    /// <summary>Gets the type-of-service byte, without the congestion bits.</summary>
    public required WeightedChoice<byte> TypesOfService { get; init; }
}

/// <summary>Holds what shows in a server's packets.</summary>
sealed record ServerHabits
{
    public required WeightedChoice<TcpStack> Stacks { get; init; }

    public required WeightedChoice<int> Windows { get; init; }

    public required WeightedChoice<int> SegmentSizes { get; init; }

    public required WeightedChoice<byte> TypesOfService { get; init; }

    /// <summary>Gets the routers between server and client.</summary>
    public required WeightedChoice<int> Distances { get; init; }
}

/// <summary>Sizes and times of what is said.</summary>
sealed record ExchangeHabits
{
    public required WeightedChoice<int> ClientHellos { get; init; }

    public required WeightedChoice<int> ServerFlights { get; init; }

    public required WeightedChoice<int> Finisheds { get; init; }

    public required WeightedChoice<int> Requests { get; init; }

    public required WeightedChoice<int> Responses { get; init; }

    /// <summary>Gets a QUIC client's first datagram.</summary>
    public required WeightedChoice<int> Initials { get; init; }

    /// <summary>Gets a QUIC server's full datagram.</summary>
    public required WeightedChoice<int> Datagrams { get; init; }

    /// <summary>Gets a media client's first datagram, a STUN binding request.</summary>
    public required WeightedChoice<int> Bindings { get; init; }

    public required WeightedChoice<int> AudioFrames { get; init; }

    public required WeightedChoice<int> VideoPackets { get; init; }

    public required WeightedChoice<int> Queries { get; init; }

    /// <summary>Gets the time that the server thinks, milliseconds.</summary>
    public required double ThinkMilliseconds { get; init; }

    /// <summary>Gets the mean time between two requests, milliseconds.</summary>
    public required double GapMilliseconds { get; init; }
}
