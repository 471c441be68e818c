using System.Diagnostics;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The program as a process of its own, from a shell, so that pipes, signals and jobs are real.</summary>
sealed class ProgramProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process shell;
    readonly Task<string> said;
    readonly Task<string> written;

    ProgramProcess(Process shell)
    {
        this.shell = shell;
        said = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        written = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Runs a script of the shell; the program is <c>$serveflow</c> in it.</summary>
    public static ProgramProcess Start(string folder, string script)
    {
        Assert.SkipUnless(File.Exists(Repository.Program) && File.Exists("/bin/sh") && File.Exists("/bin/kill"),
            "no program to start, no shell, or no way to signal it");
        return new(Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["serveflow"] = Repository.Program },
        })!);
    }

    /// <summary>Runs a script to its end.</summary>
    public static (int Code, string Written, string Said) Run(string folder, string script)
    {
        using var process = Start(folder, script);
        return process.Wait();
    }

    /// <summary>Runs a script to its end, which must be a good one.</summary>
    public static void Succeed(string folder, string script)
    {
        var (code, _, said) = Run(folder, script);
        Assert.True(code == CommandRunner.Succeeded, said);
    }

    /// <summary>Waits until something is so, which must be soon.</summary>
    /// <param name="patience">How long to wait at most; a minute by default.</param>
    public static void Until(Func<bool> isSo, TimeSpan? patience = null) => Assert.True(SpinWait.SpinUntil(() =>
    {
        Thread.Sleep(20);
        return isSo();
    }, patience ?? Patience));

    /// <summary>Gets the number of the process: the shell's, or that of what it became by <c>exec</c>.</summary>
    public int Id => shell.Id;

    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", $"{shell.Id}"]);
        kill.WaitForExit();
    }

    public (int Code, string Written, string Said) Wait()
    {
        Assert.True(shell.WaitForExit(Patience));
        return (shell.ExitCode, written.GetAwaiter().GetResult(), said.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!shell.HasExited)
        {
            shell.Kill(entireProcessTree: true);
        }

        shell.Dispose();
    }
}
