namespace ServeFlow.Features;

/// <summary>
/// Which columns a model may see: the header bits and optional packet features of a feature set, less the masked
/// ones. The same columns repeat for each packet: column <c>p · ColumnsPerPacket + c</c> is column c of packet p
/// (from 0). Immutable; two schemas are interchangeable exactly if their <see cref="Hash"/> is equal.
/// </summary>
public sealed class FeatureSchema
{
    /// <summary>Parses a feature set such as <c>nprint:ip4,ip6,tcp,udp,icmp+dir</c> (or <c>paper</c>) and a mask
    /// (<c>default</c>, <c>none</c>, or a comma-separated list of field names such as <c>ipv4_src</c>).</summary>
    /// <exception cref="FormatException">A part is unknown; the message names it and what is allowed.</exception>
    public static FeatureSchema Parse(string set, string mask = "default") => throw new NotSupportedException();

    /// <summary>The feature set as given, normalised.</summary>
    public string Set => throw new NotSupportedException();

    /// <summary>The mask as given, normalised.</summary>
    public string Mask => throw new NotSupportedException();

    /// <summary>SHA-256 over set, mask and column names, hexadecimal.</summary>
    public string Hash => throw new NotSupportedException();

    public int ColumnsPerPacket => throw new NotSupportedException();

    /// <summary>nPrint's own name of a packet's column, such as <c>ipv4_ttl_3</c>.</summary>
    public string PacketColumnName(int column) => throw new NotSupportedException();

    /// <summary>The name of a column over several packets: <c>p1_ipv4_ttl_3</c>, packets counted from 1.</summary>
    public string ColumnName(int column) => throw new NotSupportedException();

    /// <summary>The header field of a packet's column, such as <c>ipv4_ttl</c>, for masks and importance.</summary>
    public string Field(int packetColumn) => throw new NotSupportedException();

    /// <summary>
    /// Writes the values of <paramref name="columns"/> for one flow: bits as 0 or 1, −1 where the header, the
    /// option byte or the whole packet is absent; sizes in bytes, times in µs.
    /// </summary>
    /// <param name="packets">The flow's packets so far; columns of later packets are absent.</param>
    /// <param name="columns">Column numbers, ascending.</param>
    /// <param name="row">Receives one value per column.</param>
    public void Extract(ReadOnlySpan<HeaderRecord> packets, ReadOnlySpan<int> columns, Span<float> row) =>
        throw new NotSupportedException();
}
