namespace ServeFlow.Sinks.Files;

/// <summary>
/// Writes piece by piece on a thread of its own, one piece behind its caller: records are made while those before them
/// are on their way to the disk. A piece that could not be written is tried again by the next call, which throws where
/// that fails too; what that call brought along is then not taken. After <see cref="Flush"/> nothing is on its way.
/// </summary>
public sealed class WriteBehindStream : WriteOnlyStream
{
    readonly Stream inner;
    readonly SemaphoreSlim work = new(0);
    readonly SemaphoreSlim idle = new(1);
    byte[] piece = [];
    int length;
    volatile bool isClosing;

    /// <param name="medium">Stays open.</param>
    public WriteBehindStream(Stream medium)
    {
        this.inner = medium;
        new Thread(Run) { IsBackground = true, Name = "write behind" }.Start();
    }

    /// <summary>Gets whether nothing is on its way to the medium.</summary>
    public bool IsIdle => idle.CurrentCount > 0;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        WaitForWriter();
        if (piece.Length < buffer.Length)
        {
            piece = new byte[buffer.Length];
        }

        buffer.CopyTo(piece);
        length = buffer.Length;
        work.Release();
    }

    public override void Flush()
    {
        WaitForWriter();
        try
        {
            inner.Flush();
        }
        finally
        {
            idle.Release();
        }
    }

    /// <summary>Ends the thread; what could not be written until then is given up.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !isClosing)
        {
            isClosing = true;
            work.Release();
        }

        base.Dispose(disposing);
    }

    /// <summary>Waits until the thread has nothing to do, and does what it failed to do. The thread stays idle until
    /// there is work, or <see cref="idle"/> is given back.</summary>
    void WaitForWriter()
    {
        idle.Wait();
        try
        {
            WritePiece();
        }
        catch
        {
            idle.Release();
            throw;
        }
    }

    void WritePiece()
    {
        if (length > 0)
        {
            inner.Write(piece, 0, length);
            length = 0;
        }
    }

    void Run()
    {
        while (true)
        {
            work.Wait();
            if (isClosing)
            {
                return;
            }

            try
            {
                WritePiece();
            }
            catch (Exception e) when (e.IsFileFailure || e is ObjectDisposedException)
            {
                // the piece is still here: the next call tries again, and says what is wrong
            }

            idle.Release();
        }
    }
}
