namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// A temporary file that is emptied whenever it has grown large, as log rotation would take it away: what is measured
/// is writing, not how long the machine can put off the disk.
/// </summary>
sealed class BenchFile : Stream
{
    const long MaxLength = 1 << 28;

    readonly FileStream file = new(Path.GetTempFileName(), FileMode.Create, FileAccess.Write, FileShare.None, 0,
        FileOptions.DeleteOnClose);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (file.Position > MaxLength)
        {
            file.SetLength(0);
            file.Position = 0;
        }

        file.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}
