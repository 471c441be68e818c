namespace ServeFlow.Training.Synthesis;

/// <summary>Says how an operating system opens TCP connections and sends packets.</summary>
/// <param name="Ttl">Initial TTL or hop limit.</param>
/// <param name="Window">Window of the SYN.</param>
/// <param name="WindowScale">Its scale.</param>
/// <param name="Options">Order of the SYN's options; see <see cref="TcpOptions"/>.</param>
/// <param name="AckEvery">Segments that are answered by one acknowledgement.</param>
sealed record TcpStack(byte Ttl, ushort Window, byte WindowScale, string Options, int AckEvery)
{
    /// <summary>Kinds that clients have. Values: the defaults of the systems that each line resembles.</summary>
    public static readonly TcpStack[] Clients =
    [
        new(64, 64240, 7, "MSTNW", 2),            // Linux desktop
        new(64, 65535, 9, "MSTNW", 2),            // Android
        new(64, 65535, 6, "MNWNNTSEE", 2),        // iOS
        new(64, 65535, 6, "MNWNNTSEE", 2),        // macOS
        new(128, 64240, 8, "MNWNNS", 2),          // Windows
        new(128, 8192, 2, "MNWNNS", 2),           // older Windows
        new(64, 29200, 6, "MSTNW", 1),            // television, older Linux
        new(64, 65535, 5, "MNWST", 2),            // console, BSD
        new(255, 5840, 0, "MNNS", 1),             // embedded
    ];

    /// <summary>Kinds that servers have.</summary>
    public static readonly TcpStack[] Servers =
    [
        new(64, 65160, 7, "MSTNW", 2),
        new(64, 28960, 9, "MSTNW", 2),
        new(64, 65535, 8, "MNWST", 2),
        new(64, 65535, 6, "MNWST", 2),
        new(128, 65535, 8, "MNWNNS", 2),
        new(255, 62727, 10, "MSTNW", 1),
        new(255, 4380, 0, "MNNS", 1),
    ];
}

/// <summary>Writes TCP options.</summary>
static class TcpOptions
{
    /// <summary>
    /// Writes a SYN's options in the order of <paramref name="order"/>: M maximum segment size, S selective
    /// acknowledgements, T timestamps, N no-operation, W window scale, E end. Returns the length, a multiple of 4.
    /// </summary>
    public static int WriteSyn(Span<byte> to, string order, int mss, int windowScale, uint now, uint echo)
    {
        var at = 0;
        foreach (var option in order)
        {
            at += option switch
            {
                'M' => Put(to[at..], 2, 4, (byte)(mss >> 8), (byte)mss),
                'S' => Put(to[at..], 4, 2),
                'T' => WriteTimestamps(to[at..], now, echo),
                'W' => Put(to[at..], 3, 3, (byte)windowScale),
                'N' => Put(to[at..], 1),
                _ => Put(to[at..], 0),
            };
        }

        return at;
    }

    /// <summary>Two no-operations and the timestamps: what every later segment carries. 12 bytes.</summary>
    public static int WriteLater(Span<byte> to, uint now, uint echo) =>
        Put(to, 1, 1) + WriteTimestamps(to[2..], now, echo);

    static int WriteTimestamps(Span<byte> to, uint now, uint echo)
    {
        Put(to, 8, 10);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(to[2..], now);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(to[6..], echo);
        return 10;
    }

    static int Put(Span<byte> to, params ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }
}
