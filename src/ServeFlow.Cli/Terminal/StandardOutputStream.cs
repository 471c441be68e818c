namespace ServeFlow.Cli.Terminal;

/// <summary>Is standard output, whose failures say that it was standard output that failed.</summary>
sealed class StandardOutputStream : Stream
{
    readonly Stream output = Console.OpenStandardOutput();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InputException">It is full, closed, or fails otherwise.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            output.Write(buffer);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw Failure(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>What .NET calls a denied access is a descriptor that is closed or only read.</summary>
    static InputException Failure(Exception e) => new("standard output: cannot be written: "
        + (e is UnauthorizedAccessException ? "it is closed" : e.Message.TrimEnd('.'))
        + "; make room there, or send it to another place", e);
}
