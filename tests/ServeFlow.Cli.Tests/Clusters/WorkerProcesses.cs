using System.Runtime.Versioning;
using ServeFlow.Cli.Tests.Commands;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Worker processes of the cluster 'edge', which serve the bundle of a folder.</summary>
/// <param name="folder">Has the bundle; what a worker says goes to a file there.</param>
[UnsupportedOSPlatform("windows")]
sealed class WorkerProcesses(string folder) : IDisposable
{
    readonly List<ProgramProcess> all = [];

    /// <summary>Gets a worker, in the order in which they were started.</summary>
    public ProgramProcess this[Index index] => all[index];

    /// <summary>Starts a worker and waits until it serves; returns its address.</summary>
    /// <param name="name">The file for what it says.</param>
    /// <param name="address">Where it answers sensors; null for a free port.</param>
    public string Start(string name, string? address = null, string options = "")
    {
        address ??= $"127.0.0.1:{TcpPort.FindFree()}";
        var said = Path.Combine(folder, name);
        all.Add(ProgramProcess.Start(folder, $"exec $serveflow worker bundle --cluster edge --listen {address} "
            + $"--silo-port {TcpPort.FindFree()} --threads 1 {options} 2> {name}"));
        ProgramProcess.Until(() => File.Exists(said)
            && File.ReadAllText(said).Contains($"at {address}, 1 at a time", StringComparison.Ordinal));
        return address;
    }

    public void Dispose() => all.ForEach(worker => worker.Dispose());
}
