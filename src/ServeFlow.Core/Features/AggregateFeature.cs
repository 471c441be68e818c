namespace ServeFlow.Features;

/// <summary>Represents a number over a unit's packets up to one of them: <c>+agg</c> or <c>+burst</c> of a feature
/// set.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Column">The name of its column, such as <c>agg_bytes_forward</c>.</param>
/// <param name="Field">The field of header records that it is computed from.</param>
sealed record AggregateFeature(AggregateKind Kind, string Column, string Field)
{
    /// <summary>Specifies the name of the aggregates over all packets in a feature set, behind a '+'.</summary>
    public const string SetName = "agg";

    /// <summary>Specifies the name of the aggregates over bursts of packets in a feature set, behind a '+'.</summary>
    public const string BurstSetName = "burst";

    /// <summary>Gets the aggregate's name in a feature set: the first word of its column.</summary>
    public string Set { get; } = Column[..Column.IndexOf('_')];

    /// <summary>Lists the aggregates in column order, which is also the order of <see cref="AggregateKind"/>.</summary>
    public static readonly AggregateFeature[] All =
    [
        new(AggregateKind.PacketsForward, "agg_packets_forward", "dir"),
        new(AggregateKind.PacketsBackward, "agg_packets_backward", "dir"),
        new(AggregateKind.BytesForward, "agg_bytes_forward", "size"),
        new(AggregateKind.BytesBackward, "agg_bytes_backward", "size"),
        new(AggregateKind.SizeMeanForward, "agg_size_mean_forward", "size"),
        new(AggregateKind.SizeDeviationForward, "agg_size_dev_forward", "size"),
        new(AggregateKind.SizeMinForward, "agg_size_min_forward", "size"),
        new(AggregateKind.SizeMaxForward, "agg_size_max_forward", "size"),
        new(AggregateKind.SizeMeanBackward, "agg_size_mean_backward", "size"),
        new(AggregateKind.SizeDeviationBackward, "agg_size_dev_backward", "size"),
        new(AggregateKind.SizeMinBackward, "agg_size_min_backward", "size"),
        new(AggregateKind.SizeMaxBackward, "agg_size_max_backward", "size"),
        new(AggregateKind.GapMean, "agg_iat_mean_us", "iat_us"),
        new(AggregateKind.GapDeviation, "agg_iat_dev_us", "iat_us"),
        new(AggregateKind.GapMin, "agg_iat_min_us", "iat_us"),
        new(AggregateKind.GapMax, "agg_iat_max_us", "iat_us"),
        new(AggregateKind.Duration, "agg_duration_us", "iat_us"),
        new(AggregateKind.PacketRate, "agg_packets_per_s", "iat_us"),
        new(AggregateKind.ByteRateForward, "agg_bytes_per_s_forward", "size"),
        new(AggregateKind.ByteRateBackward, "agg_bytes_per_s_backward", "size"),
        new(AggregateKind.Bursts, "burst_count", "iat_us"),
        new(AggregateKind.BurstBytesMeanForward, "burst_bytes_mean_forward", "size"),
        new(AggregateKind.BurstBytesDeviationForward, "burst_bytes_dev_forward", "size"),
        new(AggregateKind.BurstBytesMinForward, "burst_bytes_min_forward", "size"),
        new(AggregateKind.BurstBytesMaxForward, "burst_bytes_max_forward", "size"),
        new(AggregateKind.BurstBytesMeanBackward, "burst_bytes_mean_backward", "size"),
        new(AggregateKind.BurstBytesDeviationBackward, "burst_bytes_dev_backward", "size"),
        new(AggregateKind.BurstBytesMinBackward, "burst_bytes_min_backward", "size"),
        new(AggregateKind.BurstBytesMaxBackward, "burst_bytes_max_backward", "size"),
        new(AggregateKind.BurstMean, "burst_active_mean_us", "iat_us"),
        new(AggregateKind.BurstDeviation, "burst_active_dev_us", "iat_us"),
        new(AggregateKind.BurstMin, "burst_active_min_us", "iat_us"),
        new(AggregateKind.BurstMax, "burst_active_max_us", "iat_us"),
        new(AggregateKind.IdleMean, "burst_idle_mean_us", "iat_us"),
        new(AggregateKind.IdleDeviation, "burst_idle_dev_us", "iat_us"),
        new(AggregateKind.IdleMin, "burst_idle_min_us", "iat_us"),
        new(AggregateKind.IdleMax, "burst_idle_max_us", "iat_us"),
    ];
}

/// <summary>Names an aggregate of the packets that a unit has so far.</summary>
enum AggregateKind : byte
{
    PacketsForward, PacketsBackward, BytesForward, BytesBackward, SizeMeanForward, SizeDeviationForward, SizeMinForward,
    SizeMaxForward, SizeMeanBackward, SizeDeviationBackward, SizeMinBackward, SizeMaxBackward, GapMean, GapDeviation,
    GapMin, GapMax, Duration, PacketRate, ByteRateForward, ByteRateBackward, Bursts, BurstBytesMeanForward,
    BurstBytesDeviationForward, BurstBytesMinForward, BurstBytesMaxForward, BurstBytesMeanBackward,
    BurstBytesDeviationBackward, BurstBytesMinBackward, BurstBytesMaxBackward, BurstMean, BurstDeviation, BurstMin,
    BurstMax, IdleMean, IdleDeviation, IdleMin, IdleMax,
}
