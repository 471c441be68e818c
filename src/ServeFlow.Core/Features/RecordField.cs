using System.Numerics;
using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// Accesses one field of header records, for callers that compare or exchange values without knowing the layout: a
/// header's field by nPrint's name (<c>ipv4_ttl</c>), a packet feature by its column's (<c>dir</c>), or
/// <c>tcp_timestamps</c>, which stands for TSval and TSecr wherever the option is. Immutable.
/// </summary>
public abstract class RecordField
{
    /// <summary>Names the values of the TCP timestamps option.</summary>
    public const string Timestamps = "tcp_timestamps";

    internal RecordField()
    {
    }

    /// <summary>nPrint's own name, such as <c>ipv4_ttl</c>.</summary>
    public abstract string Name { get; }

    /// <exception cref="ArgumentException">There is no such field.</exception>
    public static RecordField FromName(string name)
    {
        foreach (var header in HeaderLayout.All)
        {
            if (Array.Find(header.Fields, field => field.Name == name) is { Bits: > 0 } field)
            {
                return new HeaderBitsField(header, field);
            }
        }

        return Array.Find(PacketFeature.All, feature => feature.Column == name) is { } packetFeature
            ? new PacketFeatureField(packetFeature)
            : name == Timestamps
                ? new TimestampsField()
                : throw new ArgumentException($"no field '{name}' in a header record", nameof(name));
    }

    /// <summary>
    /// Determines whether the record has the field: its header was captured that far. Options may be empty.
    /// </summary>
    public abstract bool IsPresent(in HeaderRecord record);

    /// <summary>Gives <paramref name="to"/> the value of <paramref name="from"/>; both have the field. Options come
    /// with their length.</summary>
    public abstract void Copy(in HeaderRecord from, ref HeaderRecord to);

    /// <summary>Makes the value of a record that has the field 0; no length changes.</summary>
    public abstract void Clear(ref HeaderRecord record);

    /// <summary>Returns the value of a record that has the field: up to 64 bits as a number, more as a 64-bit
    /// hash.</summary>
    public abstract ulong Read(in HeaderRecord record);

    /// <summary>Returns the value as people write it: a number, an address, hexadecimal digits.</summary>
    public virtual string Format(in HeaderRecord record) => $"{Read(record)}";

    static protected ReadOnlySpan<byte> BytesOf(in HeaderRecord record) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<HeaderRecord>(in record));

    static protected Span<byte> WritableBytesOf(ref HeaderRecord record) =>
        MemoryMarshal.AsBytes(new Span<HeaderRecord>(ref record));

    /// <summary>Over bytes and their number: SplitMix64's multipliers (Steele, Lea, Flood 2014).</summary>
    static protected ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length + 0x9E37_79B9_7F4A_7C15;
        foreach (var value in bytes)
        {
            hash = BitOperations.RotateLeft((hash ^ value) * 0xBF58_476D_1CE4_E5B9, 31);
        }

        return hash ^ (hash >> 29);
    }
}
