using System.Buffers.Binary;

namespace ServeFlow.Export.Records;

/// <summary>
/// The end of a Parquet file that grows: what stands behind its full row groups, which is the row group that is being
/// gathered, then the index. The package sees the whole file, of which only the index behind the full row groups is
/// read; what it writes is gathered in memory.
/// </summary>
sealed class ParquetTail : Stream
{
    /// <summary>The length of the index and the magic, at the end of a file.</summary>
    const int TrailerLength = 8;

    readonly long start;
    readonly MemoryStream end = new();
    long position;

    ParquetTail(long start, ReadOnlySpan<byte> index)
    {
        this.start = start;
        end.Write(index);
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => start + end.Length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    /// <summary>Makes the end of a file.</summary>
    /// <param name="rows">The row group that is being gathered; none where it has no rows.</param>
    /// <param name="start">Where the full row groups end.</param>
    /// <param name="index">The index of the full row groups; empty at the beginning of the file.</param>
    public static byte[] Create(ParquetRows rows, long start, ReadOnlySpan<byte> index)
    {
        var tail = new ParquetTail(start, index);
        var writer = rows.Open(tail, append: !index.IsEmpty);
        if (rows.Count > 0)
        {
            rows.WriteGroup(writer, tail);
        }

        ParquetRows.Close(writer);
        return tail.end.ToArray();
    }

    /// <summary>Gets the bytes of the index that a file ends with.</summary>
    public static int IndexLength(ReadOnlySpan<byte> file) =>
        BinaryPrimitives.ReadInt32LittleEndian(file[^TrailerLength..]) + TrailerLength;

    public override int Read(Span<byte> buffer)
    {
        if (position < start)
        {
            // The package checks that the file begins as one; of the row groups it reads nothing.
            var magic = "PAR1"u8[(int)Math.Min(position, 4)..];
            magic = magic[..Math.Min(magic.Length, buffer.Length)];
            magic.CopyTo(buffer);
            position += magic.Length;
            return magic.Length;
        }

        end.Position = position - start;
        var count = end.Read(buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        end.Position = position - start;
        end.Write(buffer);
        position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => position,
        _ => Length,
    };

    public override void SetLength(long value) => end.SetLength(value - start);

    public override void Flush()
    {
    }
}
