using System.Buffers;
using System.Buffers.Text;

namespace ServeFlow.Sinks.Formats;

/// <summary>Bytes gathered in one reused buffer on their way to a stream, which is written in large pieces.</summary>
sealed class ByteOutput(Stream stream) : IBufferWriter<byte>, IDisposable
{
    /// <summary>Large against a record (about 1 KB), small against a cache.</summary>
    const int FlushAt = 128 * 1024;

    byte[] buffer = new byte[2 * FlushAt];
    int length;
    long buffered;
    long inFlight;
    long drained;

    /// <summary>Whole records that are not known to have reached the medium: a stream may be one piece behind, until
    /// it is flushed.</summary>
    public long PendingRecords => buffered + inFlight;

    /// <summary>Gets the number of bytes that were appended so far, whether they have reached the stream or
    /// not.</summary>
    public long Bytes => drained + length;

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(length);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1);
        buffer[length++] = value;
    }

    public void AppendAscii(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            Append((byte)c);
        }
    }

    public void AppendInteger(long value)
    {
        Utf8Formatter.TryFormat(value, GetSpan(FieldText.MaxLength), out var written);
        length += written;
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    public void AppendReal(double value)
    {
        value.TryFormat(GetSpan(FieldText.MaxLength), out var written);
        length += written;
    }

    /// <summary>Marks the end of a record; whole records are all that ever reaches the stream.</summary>
    public void EndRecord()
    {
        CountRecord();
        DrainWhenLarge();
    }

    /// <summary>Marks the end of a record that others follow at once.</summary>
    public void CountRecord() => buffered++;

    /// <summary>Drains the buffer if it is large. Call it between records only.</summary>
    public void DrainWhenLarge()
    {
        if (length >= FlushAt)
        {
            Drain();
        }
    }

    public void Flush()
    {
        Drain();
        stream.Flush();
        inFlight = 0;
    }

    public void Dispose()
    {
        Flush();
    }

    void Drain()
    {
        if (length > 0)
        {
            stream.Write(buffer, 0, length); // where it throws, everything stays here for another time
            drained += length;
            (length, inFlight, buffered) = (0, buffered, 0);
        }
    }

    void Reserve(int count)
    {
        if (buffer.Length - length < Math.Max(count, 1))
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, length + count));
        }
    }
}
