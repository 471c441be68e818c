using System.Runtime.InteropServices;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Represents standard error, written to directly. The console's own stream waits for standard output, and would
/// say nothing where the reader of that is stuck. Nobody could be told of a failure: what cannot be written is lost.
/// </summary>
sealed partial class StandardErrorStream : WriteOnlyStream
{
    const int Descriptor = 2;
    const int Interrupted = 4; // EINTR
    const int TryAgain = 11; // EAGAIN

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(Descriptor, buffer, buffer.Length);
            var error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error is not (0 or Interrupted or TryAgain))
            {
                return;
            }

            if (error == TryAgain)
            {
                Thread.Sleep(1); // a pipe that does not wait is full
            }

            buffer = buffer[(int)Math.Max(0, written)..];
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);
}
