using System.Diagnostics;
using Xunit;

namespace ServeFlow.Cli.Tests.Daemon;

/// <summary>Runs a shell script as root in a network namespace; <c>$serveflow</c> is the program in it.</summary>
static class LinkScript
{
    /// <summary>The exit code of a script that the machine does not let run.</summary>
    const int Impossible = 77;

    const string Functions = """
        ip link set lo up
        ip link add probe type veth peer name probe1 && ip link del probe || exit 77
        # Waits until a file has a line that matches.
        await() { for i in $(seq 300); do grep -qs -- "$1" "$2" && return; sleep 0.05; done; exit 78; }

        """;

    /// <summary>Returns the exit code of the script.</summary>
    public static int Run(string folder, string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            && File.Exists(Repository.Program) && File.Exists("/usr/bin/unshare"), "takes root, unshare and ip");
        File.WriteAllText(Path.Combine(folder, "script"), Functions + script);
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/unshare", ["--net", "/bin/sh", "script"])
        {
            WorkingDirectory = folder,
            Environment = { ["serveflow"] = Repository.Program },
        })!;
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(90)));
        Assert.SkipWhen(process.ExitCode == Impossible, "takes veth links in network namespaces, and the user nobody");
        return process.ExitCode;
    }
}
