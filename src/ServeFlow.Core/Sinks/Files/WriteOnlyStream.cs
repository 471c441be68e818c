namespace ServeFlow.Sinks.Files;

/// <summary>Represents the base of streams that are written from the start to the end, and only written.</summary>
public abstract class WriteOnlyStream : Stream
{
    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    /// <exception cref="NotSupportedException">The stream does not know how much was written.</exception>
    public override long Length => throw new NotSupportedException();

    /// <summary>Gets the place of the next byte: the end.</summary>
    /// <exception cref="NotSupportedException">It is set, or the length is not known.</exception>
    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public abstract override void Write(ReadOnlySpan<byte> buffer);

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing, as what keeps nothing back has nothing to do.</summary>
    public override void Flush()
    {
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();
}
