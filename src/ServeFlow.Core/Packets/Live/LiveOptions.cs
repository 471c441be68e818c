namespace ServeFlow.Packets.Live;

/// <summary>Says what to capture.</summary>
public sealed record LiveOptions
{
    /// <summary>Gets the names of interfaces; <c>any</c> alone takes all there are.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>Gets a pcap filter expression; null or blank takes everything.</summary>
    public string? Filter { get; init; }

    /// <summary>Gets the number of bytes of each packet that are captured, from the link-layer header on.</summary>
    public int SnapLength { get; init; } = 262_144;

    /// <summary>
    /// Bytes of ring memory for each interface and worker; rounded up to whole blocks of 128 KiB. At a million small
    /// packets a second the default holds about 0.4 s. With <see cref="LowLatency"/> each packet takes 2 KiB, or the
    /// snap length where that is less.
    /// </summary>
    public long RingBytes { get; init; } = 64L << 20;

    /// <summary>Gets how many workers share the packets, flow by flow.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Gets whether to take packets that are addressed to other stations.</summary>
    public bool Promiscuous { get; init; } = true;

    public CaptureBackend Backend { get; init; }

    /// <summary>
    /// Gets whether interfaces that do not exist or are down are waited for: each is listened to when it comes, and a
    /// source does not end while all are away.
    /// </summary>
    public bool WaitsForInterfaces { get; init; }

    /// <summary>
    /// Gets whether each packet is handed over when it comes, not with others or after 2 ms. While packets come, the
    /// worker looks for the next one all the time, which takes its core; the ring holds fewer packets.
    /// </summary>
    public bool LowLatency { get; init; }

    /// <summary>
    /// Reads the clock that the kernel stamps packets by, ns since the Unix epoch. With it, packets of several
    /// interfaces wait up to 20 ms (0.5 ms with <see cref="LowLatency"/>) for earlier ones of the others; without it,
    /// they are merged as they are found.
    /// </summary>
    public Func<long>? ClockNs { get; init; }
}
