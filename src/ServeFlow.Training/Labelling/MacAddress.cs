using System.Buffers.Binary;
using System.Globalization;
using ServeFlow.Packets;

namespace ServeFlow.Training.Labelling;

/// <summary>Represents an address of Ethernet, six bytes.</summary>
/// <param name="Value">The bytes as a number, the first one highest.</param>
readonly record struct MacAddress(ulong Value)
{
    const int Length = 6;

    /// <summary>Gets the sender of a packet; null where its link has no such addresses.</summary>
    public static MacAddress? Source(in PacketSlot packet) => Read(packet, Length);

    /// <summary>Gets the receiver of a packet on its link; null where its link has no such addresses.</summary>
    public static MacAddress? Destination(in PacketSlot packet) => Read(packet, 0);

    /// <summary>
    /// Reads twelve hexadecimal digits: <c>00:17:88:01:02:03</c>, with dashes or dots, or without.
    /// </summary>
    public static bool TryParse(string text, out MacAddress address)
    {
        var digits = string.Concat(text.Where(c => c is not (':' or '-' or '.')));
        var isAddress = digits.Length == 2 * Length
            & ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value);
        address = new(value);
        return isAddress;
    }

    public override string ToString()
    {
        var value = Value;
        return string.Join(':',
            Enumerable.Range(0, Length).Select(i => $"{(byte)(value >> (8 * (Length - 1 - i))):x2}"));
    }

    static MacAddress? Read(in PacketSlot packet, int offset)
    {
        if (packet.LinkType != LinkType.Ethernet || packet.CapturedLength < 2 * Length)
        {
            return null;
        }

        var bytes = packet.Bytes[offset..];
        return new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32)
            | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
    }
}
