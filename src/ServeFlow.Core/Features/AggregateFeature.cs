namespace ServeFlow.Features;

/// <summary>A number over a unit's packets up to one of them: <c>+agg</c> of a feature set.</summary>
/// <param name="Kind">What it is, which is also its place among the aggregates of a packet.</param>
/// <param name="Column">The name of its column, such as <c>agg_bytes_forward</c>.</param>
/// <param name="Field">The field of header records that it is computed from.</param>
sealed record AggregateFeature(AggregateKind Kind, string Column, string Field)
{
    /// <summary>The name of all aggregates together in a feature set, behind a '+'.</summary>
    public const string SetName = "agg";

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
    ];
}

/// <summary>Names an aggregate of the packets that a unit has so far.</summary>
enum AggregateKind : byte
{
    PacketsForward, PacketsBackward, BytesForward, BytesBackward, SizeMeanForward, SizeDeviationForward, SizeMinForward,
    SizeMaxForward, SizeMeanBackward, SizeDeviationBackward, SizeMinBackward, SizeMaxBackward, GapMean, GapDeviation,
    GapMin, GapMax, Duration, PacketRate, ByteRateForward, ByteRateBackward,
}
