using System.Runtime.InteropServices;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// SIGHUP, which a terminal sends when it is closed: a verb that does not heed signals itself ends as on SIGTERM, and
/// leaves nothing unfinished behind. Where <c>nohup</c> has the process ignore it, it goes on.
/// </summary>
static partial class HangUp
{
    const int Sigterm = 15;

    /// <summary>
    /// Has SIGHUP end the verb from now on until the registration is disposed; null where it is ignored.
    /// </summary>
    public static PosixSignalRegistration? EndVerb() =>
        OperatingSystem.IsLinux() && !IgnoredSignals.Contain(PosixSignal.SIGHUP)
            ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, Terminate)
            : null;

    static void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = Send(Environment.ProcessId, Sigterm);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
