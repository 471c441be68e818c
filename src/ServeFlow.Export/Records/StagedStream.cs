using ServeFlow.Sinks.Files;

namespace ServeFlow.Export.Records;

/// <summary>
/// Bytes gathered in memory until a piece is whole, then written in one go; where that fails they stay, for another
/// attempt.
/// </summary>
sealed class StagedStream(Stream medium) : WriteOnlyStream
{
    readonly MemoryStream pieces = new();
    long committed;

    /// <summary>Gets the number of records in the bytes that have not been committed.</summary>
    public long Records { get; private set; }

    public override long Length => committed + pieces.Length;

    /// <summary>Says that the bytes so far hold <paramref name="records"/> more records.</summary>
    public void Add(long records) => Records += records;

    /// <summary>Writes what was gathered, with <paramref name="records"/> more records in it.</summary>
    public void Commit(long records)
    {
        Add(records);
        if (pieces.Length > 0)
        {
            medium.Write(pieces.GetBuffer().AsSpan(0, (int)pieces.Length));
            committed += pieces.Length;
            pieces.SetLength(0);
        }

        Records = 0;
    }

    public override void Write(ReadOnlySpan<byte> buffer) => pieces.Write(buffer);
}
