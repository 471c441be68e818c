using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Writes and reads one entry of a segment: length, the low half of the sequence number and a checksum (CRC-32C), four
/// bytes each with the lowest first, and then the payload. The checksum covers the whole sequence number, the length
/// and the payload, so that an entry at another place, or of another time, is no entry.
/// </summary>
static class SpoolEntry
{
    public const int HeaderLength = 12;

    /// <summary>Exceeds any record by far; a greater length is damage.</summary>
    public const int MaxPayload = 512 * 1024;

    public static int Measure(int payload) => HeaderLength + payload;

    public static void Write(IBufferWriter<byte> output, long sequence, ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > MaxPayload)
        {
            throw new ArgumentException($"an entry of {payload.Length} bytes; it has 1 to {MaxPayload}",
                nameof(payload));
        }

        var entry = output.GetSpan(Measure(payload.Length));
        BinaryPrimitives.WriteInt32LittleEndian(entry, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], (uint)sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], Checksum(sequence, payload));
        payload.CopyTo(entry[HeaderLength..]);
        output.Advance(Measure(payload.Length));
    }

    /// <summary>Reads the entry that bytes begin with, if there is a whole one whose number is in a range.</summary>
    /// <param name="bytes">The bytes, which may go on beyond the entry.</param>
    /// <param name="least">The least sequence number that the entry may have.</param>
    /// <param name="end">One more than the greatest.</param>
    /// <param name="sequence">The number that the entry has.</param>
    /// <param name="payload">The payload, in the bytes.</param>
    public static EntryState Read(ReadOnlySpan<byte> bytes, long least, long end, out long sequence,
        out ReadOnlySpan<byte> payload)
    {
        sequence = least;
        payload = default;
        if (bytes.Length < HeaderLength)
        {
            return EntryState.Partial;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        sequence = least + (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) - (uint)least);
        if (length is <= 0 or > MaxPayload || sequence >= end)
        {
            return EntryState.Damaged;
        }

        if (bytes.Length < Measure(length))
        {
            return EntryState.Partial;
        }

        payload = bytes.Slice(HeaderLength, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Checksum(sequence, payload)
            ? EntryState.Whole
            : EntryState.Damaged;
    }

    /// <summary>Computes the CRC-32C of bytes, as RFC 3720 defines it.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    static uint Checksum(long sequence, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)sequence);
        return ~Continue(BitOperations.Crc32C(crc, (uint)payload.Length), payload);
    }

    static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var one in bytes[(bytes.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}

/// <summary>Tells what bytes are where an entry should begin.</summary>
enum EntryState
{
    /// <summary>A whole entry, whose checksum is right.</summary>
    Whole,

    /// <summary>The beginning of what may be an entry; more bytes will tell.</summary>
    Partial,

    /// <summary>No entry.</summary>
    Damaged,
}
