namespace ServeFlow.Export.Records;

/// <summary>
/// Bytes gathered in memory until a piece is whole, then written in one go; where that fails they stay, for another
/// attempt.
/// </summary>
sealed class StagedStream(Stream medium) : Stream
{
    readonly MemoryStream pieces = new();
    long committed;

    /// <summary>Records in the bytes that have not been committed.</summary>
    public long Records { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => committed + pieces.Length;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

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

    public override void Write(byte[] buffer, int offset, int count) => pieces.Write(buffer, offset, count);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
