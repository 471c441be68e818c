using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ServeFlow.Benchmarks.Transport;

/// <summary>Represents a worker of a cluster in a process of its own: this program again.</summary>
sealed class WorkerProcess : IDisposable
{
    public const string Cluster = "transport";
    public const string Serve = "--serve";
    public const string Ready = "ready";

    readonly string[] command;
    Process process;
    TimeSpan before;

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="core">The core that it runs on; null for any.</param>
    public WorkerProcess(string bundle, int? core)
    {
        Address = $"127.0.0.1:{FindPort()}";
        string[] own = [Environment.ProcessPath!, "transport", Serve, bundle, Address];
        command = core is { } on ? ["taskset", "-c", on.ToString(CultureInfo.InvariantCulture), .. own] : own;
        process = Start();
    }

    /// <summary>Gets where it answers.</summary>
    public string Address { get; }

    /// <summary>Gets when it was ready again after it was killed, by the stopwatch; 0 before.</summary>
    public long Back { get; private set; }

    /// <summary>Reads the processor time that it has taken.</summary>
    public TimeSpan ReadCpu()
    {
        process.Refresh();
        return before + process.TotalProcessorTime;
    }

    /// <summary>Kills it without a warning, and starts it again at the same address.</summary>
    public void KillAndStart()
    {
        before = ReadCpu();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        process = Start();
        Back = Stopwatch.GetTimestamp();
    }

    Process Start()
    {
        var started = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return started.StandardOutput.ReadLine() == Ready ? started
            : throw new InvalidOperationException("a worker did not start");
    }

    /// <summary>Finds a port that is free.</summary>
    public static int FindPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
