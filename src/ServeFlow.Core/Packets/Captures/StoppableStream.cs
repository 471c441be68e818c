using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Packets.Captures;

/// <summary>
/// Reads a pipe, and gives up waiting for it when it is to stop: a read that blocks would be deaf to that.
/// </summary>
/// <param name="pipe">Reads what is there.</param>
/// <param name="handle">The same, to be asked whether there is anything.</param>
sealed partial class StoppableStream(Stream pipe, SafeFileHandle handle, CancellationToken stop) : ReadOnlyStream(pipe)
{
    const int NonBlocking = 0x800;
    const int Interrupted = 4;
    const short HasInput = 1;

    /// <summary>Limits how long a stop goes unnoticed, in milliseconds.</summary>
    const int PollMilliseconds = 50;

    readonly Stream pipe = pipe;

    public static Stream OpenStandardInput(CancellationToken stop)
    {
        var input = Console.OpenStandardInput();
        return stop.CanBeCanceled ? new StoppableStream(input, new(0, ownsHandle: false), stop) : input;
    }

    /// <summary>Opens a named pipe. An ordinary open would wait for a writer.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static StoppableStream Open(string path, CancellationToken stop)
    {
        var handle = PathStream.OpenHandle(path, NonBlocking);
        return new(new FileStream(handle, FileAccess.Read, bufferSize: 0), handle, stop);
    }

    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public override int Read(Span<byte> buffer)
    {
        Wait();
        return pipe.Read(buffer);
    }

    void Wait()
    {
        var request = new Request { Events = HasInput };
        var added = false;
        try
        {
            handle.DangerousAddRef(ref added);
            request.Descriptor = (int)handle.DangerousGetHandle();
            int found;
            do
            {
                stop.ThrowIfCancellationRequested();
                found = Poll(ref request, 1, PollMilliseconds);
            }
            while (found == 0 || (found < 0 && Marshal.GetLastPInvokeError() == Interrupted));
        }
        finally
        {
            if (added)
            {
                handle.DangerousRelease();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Request request, nuint count, int milliseconds);

    /// <summary>Represents the kernel's <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Request
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
