using System.Runtime.InteropServices;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Starts the program anew in the same process, with the arguments that it was started with, byte for byte. Process
/// number, environment and standard files stay.
/// </summary>
sealed partial class ProgramRestart
{
    readonly string program;

    /// <summary>Holds the addresses of the arguments, each of which ends with a zero; the last address is 0.</summary>
    readonly nint[] arguments;

    /// <summary>Gathers what the start takes, so that nothing needs to be opened for it any more.</summary>
    /// <exception cref="IOException">The system does not say how the program was started.</exception>
    public ProgramRestart()
    {
        program = Environment.ProcessPath ?? throw new IOException("no file of the program is known");
        var text = File.ReadAllBytes("/proc/self/cmdline");
        var pinned = GCHandle.Alloc(text, GCHandleType.Pinned); // until another program takes the place of this one
        var starts = new List<nint>();
        for (var start = 0; start < text.Length; start += text.AsSpan(start).IndexOf((byte)0) + 1)
        {
            starts.Add(pinned.AddrOfPinnedObject() + start);
        }

        arguments = [.. starts, 0];
    }

    /// <summary>Starts the program. Returns only where the system refuses that.</summary>
    public void Execute() => _ = Execute(program, arguments);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, nint[] arguments);
}
