using System.Diagnostics;
using System.Runtime.InteropServices;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// The signals of a sensor: SIGINT and SIGTERM ask it to finish, a second one ends the process at once, SIGHUP asks
/// for new log files.
/// </summary>
sealed class ServeSignals : IDisposable
{
    readonly List<PosixSignalRegistration> registrations = [];
    long stoppedAt;
    int stops;
    int hangUps;

    public ServeSignals()
    {
        IgnoredSignals.Heed(PosixSignal.SIGHUP);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>Gets the signal that asked the sensor to stop; null where none did.</summary>
    public PosixSignal? Stop { get; private set; }

    public bool MustStop => Volatile.Read(ref stops) > 0;

    /// <summary>Gets the time since the signal that asked the sensor to stop; zero where none did.</summary>
    public TimeSpan SinceStop => MustStop ? Stopwatch.GetElapsedTime(Interlocked.Read(ref stoppedAt)) : default;

    /// <summary>Tells whether SIGHUP came since this was asked last.</summary>
    public bool TakeHangUp() => Interlocked.Exchange(ref hangUps, 0) > 0;

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (context.Signal == PosixSignal.SIGHUP)
        {
            Interlocked.Increment(ref hangUps);
            return;
        }

        Stop ??= context.Signal;
        Interlocked.CompareExchange(ref stoppedAt, Stopwatch.GetTimestamp(), 0);
        if (Interlocked.Increment(ref stops) > 1)
        {
            Environment.Exit(CommandRunner.Interrupted);
        }
    }
}
