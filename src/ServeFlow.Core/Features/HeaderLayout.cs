namespace ServeFlow.Features;

/// <summary>Represents a field of a header: nPrint's name for it, its first bit (0 = most significant bit of the
/// header's first byte) and its width. Column <c>name_i</c> is bit <c>FirstBit + i</c>.</summary>
readonly record struct HeaderField(string Name, int FirstBit, int Bits);

/// <summary>
/// Describes one header as nPrint prints it: its fields in wire order and its offset in a <see cref="HeaderRecord"/>.
/// </summary>
/// <param name="Kind">Which length of a record says how much of the header there is.</param>
/// <param name="SetName">Its name in a feature set, such as <c>ip4</c>.</param>
/// <param name="RecordOffset">Offset of its first byte in <see cref="HeaderRecord.Bits"/>.</param>
/// <param name="MaxLength">Its length with all options, in bytes.</param>
sealed record HeaderLayout(HeaderKind Kind, string SetName, int RecordOffset, int MaxLength, HeaderField[] Fields)
{
    /// <summary>All headers in nPrint's printing order, which is also <see cref="HeaderKind"/>'s.</summary>
    public static readonly HeaderLayout[] All =
        [Ipv4Fields.Layout, Ipv6Fields.Layout, TcpFields.Layout, UdpFields.Layout, IcmpFields.Layout];
}

/// <summary>The headers of a record, in nPrint's printing order.</summary>
enum HeaderKind : byte { Ipv4, Ipv6, Tcp, Udp, Icmp }
