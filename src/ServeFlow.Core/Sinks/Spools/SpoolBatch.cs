using System.Buffers;

namespace ServeFlow.Sinks.Spools;

/// <summary>Holds records that were read from a spool, oldest first, in memory that is used again.</summary>
public sealed class SpoolBatch
{
    /// <summary>Small enough that what is sent again after a failure is little, large enough for a fast sender.
    /// </summary>
    const int MaxBytes = 256 * 1024;

    const int MaxRecords = 1024;

    readonly ArrayBufferWriter<byte> bytes = new();
    readonly List<(int Start, int Length, long Sequence)> records = [];

    public int Count => records.Count;

    /// <summary>Gets the number of the spool, the same in every run.</summary>
    public ulong Spool { get; internal set; }

    public SpooledRecord this[int index] => new(Spool, records[index].Sequence,
        bytes.WrittenSpan.Slice(records[index].Start, records[index].Length));

    internal bool IsFull => records.Count >= MaxRecords || bytes.WrittenCount >= MaxBytes;

    internal void Add(long sequence, ReadOnlySpan<byte> payload)
    {
        records.Add((bytes.WrittenCount, payload.Length, sequence));
        bytes.Write(payload);
    }

    internal void Clear()
    {
        bytes.ResetWrittenCount();
        records.Clear();
    }
}

/// <summary>Represents one record of a spool. Its number and that of the spool name it for ever.</summary>
/// <param name="spool">The number of the spool, drawn at random when it was made.</param>
/// <param name="sequence">The sequence number, from 1.</param>
/// <param name="payload">What was spooled.</param>
public readonly ref struct SpooledRecord(ulong spool, long sequence, ReadOnlySpan<byte> payload)
{
    public ulong Spool { get; } = spool;

    public long Sequence { get; } = sequence;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
