using System.Globalization;
using System.Runtime.InteropServices;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Signals that whoever started the process had it ignore. A shell does that to SIGINT for the background jobs of a
/// script, and <c>nohup</c> to SIGHUP; the runtime then installs no handler, and the process would be deaf to them.
/// </summary>
static partial class IgnoredSignals
{
    const int Sighup = 1;
    const int Sigint = 2;

    /// <summary>Lets the process hear a signal that it would ignore. Call it before a handler is registered.</summary>
    public static void Heed(PosixSignal signal)
    {
        if (Contain(signal))
        {
            _ = SetHandler(Number(signal), 0); // the default action
        }
    }

    /// <summary>
    /// Determines whether the process was started with the signal ignored. Ask before a handler is registered.
    /// </summary>
    public static bool Contain(PosixSignal signal) => OperatingSystem.IsLinux() && IsIgnored(Number(signal));

    static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => Sighup,
        PosixSignal.SIGINT => Sigint,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "is not one that shells ignore"),
    };

    /// <summary>The kernel shows the ignored signals as a mask in hexadecimal digits, signal 1 as bit 0.</summary>
    static bool IsIgnored(int number)
    {
        const string Name = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Name,
            StringComparison.Ordinal));
        return line is not null && ulong.TryParse(line.AsSpan(Name.Length).Trim(), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture, out var mask) && (mask >> (number - 1) & 1) != 0;
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
