using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using ServeFlow.Cli.Tests.Commands;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>
/// A machine of a test bed: a network namespace with an address, whose only link leads to the hub. What runs in it is
/// killed, paused and cut off as a machine would be.
/// </summary>
[UnsupportedOSPlatform("windows")]
sealed class BedNode : IDisposable
{
    const string Namespaces = "/usr/bin/nsenter";

    const string IpCommand = "/sbin/ip";

    /// <summary>Specifies how long a node may take to join, or to be used again, on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly string folder;
    readonly Process space;
    readonly BedNode? hub;
    ProgramProcess? program;

    /// <summary>Makes the hub, a bridge that the links of all machines lead to.</summary>
    public BedNode(string folder)
        : this(folder, "hub", null, 254)
    {
        Ip("link add bridge type bridge");
        Ip("link set bridge up");
    }

    /// <summary>Makes a machine.</summary>
    /// <param name="number">The last number of its address.</param>
    public BedNode(string folder, string name, BedNode? hub, int number)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists(Namespaces)
            && File.Exists("/usr/bin/unshare") && File.Exists(IpCommand), "takes root, unshare, nsenter and ip");
        (this.folder, this.hub, Name, Address) = (folder, hub, name, $"10.77.0.{number}");
        space = Process.Start(new ProcessStartInfo("/usr/bin/unshare",
            ["--net", "/bin/sh", "-c", "ip link set lo up && echo ready && exec cat"])
        {
            RedirectStandardInput = true, // its end ends the process, also where the tests are killed
            RedirectStandardOutput = true,
        })!;
        var isReady = space.StandardOutput.ReadLine() == "ready";
        try
        {
            Assert.SkipUnless(isReady, "takes network namespaces");
            Connect();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    public string Address { get; }

    public bool IsRunning { get; private set; }

    /// <summary>Gets the process that holds the namespace.</summary>
    int Id => space.Id;

    /// <summary>Starts the machine's program from a shell; what it says goes to a file of the machine's name.</summary>
    public void Start(string command)
    {
        program?.Dispose();
        File.Delete(At(Name));
        IsRunning = true;
        program = ProgramProcess.Start(folder, $"exec nsenter --net=/proc/{Id}/ns/net {command} 2> {Name}");
    }

    /// <summary>Waits until the program has said something.</summary>
    public void AwaitSaid(string text) => ProgramProcess.Until(() => File.Exists(At(Name))
        && File.ReadAllText(At(Name)).Contains(text, StringComparison.Ordinal), Patience);

    public void Kill()
    {
        IsRunning = false;
        program!.Signal("KILL");
        program.Wait();
    }

    public void Pause() => program!.Signal("STOP");

    public void Resume() => program!.Signal("CONT");

    public void Cut() => hub!.Ip($"link set {Name} down");

    public void Heal() => hub!.Ip($"link set {Name} up");

    /// <summary>Ends the program in order; gives what it said.</summary>
    public string Stop()
    {
        IsRunning = false;
        program!.Signal("TERM");
        var code = program.Wait().Code;
        var said = File.ReadAllText(At(Name));
        Assert.True(code == 0, said);
        return said;
    }

    /// <summary>Adds a link whose other end is in the namespace of the tests.</summary>
    public void AddTap(string near, string far)
    {
        Ip($"link add {far} type veth peer name {near} netns {Environment.ProcessId}");
        Ip($"link set {far} up");
        Run(IpCommand, $"link set {near} up");
    }

    public void Dispose()
    {
        program?.Dispose();
        space.Kill();
        space.WaitForExit();
        space.Dispose();
    }

    void Connect()
    {
        if (hub is not null)
        {
            Ip($"link add wire type veth peer name {Name} netns {hub.Id}");
            Ip($"addr add {Address}/24 dev wire");
            Ip("link set wire up");
            hub.Ip($"link set {Name} master bridge");
            hub.Ip($"link set {Name} up");
        }
    }

    void Ip(string words) => Run(Namespaces, string.Create(CultureInfo.InvariantCulture,
        $"--net=/proc/{Id}/ns/net ip {words}"));

    static void Run(string program, string words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(said.Contains("not permitted", StringComparison.Ordinal), "takes veth links");
        Assert.True(process.ExitCode == 0, $"{words}: {said}");
    }

    string At(string name) => Path.Combine(folder, name);
}
