using System.Runtime.InteropServices;
using System.Text;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// The number of files that the process may have open (<c>ulimit -n</c>). Where it is too low, any call of the runtime
/// may fail, with errors that name something else: a missing library, a damaged capture, too little memory.
/// </summary>
static partial class OpenFileLimit
{
    /// <summary>
    /// A sensor with HTTP and its page takes about 300, its libraries included. Further interfaces, outputs and
    /// connections come on top.
    /// </summary>
    const ulong Least = 512;

    const int OpenFiles = 7; // RLIMIT_NOFILE
    const int StandardError = 2;

    /// <summary>
    /// Determines whether the limit is too low for any verb, and says so. The runtime has raised the limit as far as
    /// the process may. Uses nothing that opens a file.
    /// </summary>
    public static bool IsTooLow()
    {
        if (!OperatingSystem.IsLinux() || Get(OpenFiles, out var limit) != 0 || limit.Current >= Least)
        {
            return false;
        }

        var line = Encoding.UTF8.GetBytes($"serveflow: at most {limit.Current} files may be open: allow at least "
            + $"{Least} (ulimit -n, or LimitNOFILE= of a unit)\n");
        _ = Write(StandardError, line, line.Length);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);

    /// <summary>The C library's <c>struct rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Limit
    {
        public ulong Current;
        public ulong Most;
    }
}
