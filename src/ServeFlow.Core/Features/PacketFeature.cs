namespace ServeFlow.Features;

/// <summary>Represents a number per packet that is no header bit.</summary>
/// <param name="SetName">Its name in a feature set, behind a '+'.</param>
/// <param name="Column">The name of its column.</param>
sealed record PacketFeature(PacketFeatureKind Kind, string SetName, string Column)
{
    /// <summary>
    /// Lists the packet features in column order, which is also the order of <see cref="PacketFeatureKind"/>.
    /// </summary>
    public static readonly PacketFeature[] All =
    [
        new(PacketFeatureKind.Direction, "dir", "dir"),
        new(PacketFeatureKind.Size, "size", "size"),
        new(PacketFeatureKind.InterArrival, "iat", "iat_us"),
    ];
}

/// <summary>Direction: 0 forward, 1 backward. Size: bytes of the IP packet. InterArrival: µs since the flow's
/// previous packet.</summary>
enum PacketFeatureKind : byte { Direction, Size, InterArrival }
