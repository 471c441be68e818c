using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Puts each line that is written into a spool, without its end. A piece of whole lines is taken whole or not at all;
/// after <see cref="Flush"/> everything is on its way to the disk.
/// </summary>
/// <param name="spool">The spool.</param>
/// <param name="waits">Whether the writer waits for the disk after each group, instead of gathering more in memory.
/// </param>
sealed class SpoolStream(Spool spool, bool waits) : WriteOnlyStream
{
    /// <summary>Gets the bytes that were written.</summary>
    public override long Length => length;

    long length;

    /// <exception cref="IOException">The disk does not take what was written before; nothing of this was taken.
    /// </exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (waits && spool.IsCommitDue)
        {
            spool.Commit();
        }

        spool.WaitForMemory();
        length += buffer.Length;
        while (buffer.IndexOf((byte)'\n') is >= 0 and var end)
        {
            spool.Append(buffer[..end]);
            buffer = buffer[(end + 1)..];
        }
    }

    public override void Flush() => spool.BeginCommit();
}
