using System.Diagnostics;
using Xunit;

namespace ServeFlow.Testing;

/// <summary>A file system in memory of a given size, which only root can make.</summary>
public sealed class SmallDisk : IDisposable
{
    readonly string path;

    SmallDisk(string path) => this.path = path;

    /// <summary>Mounts one on a folder; skips the test where that cannot be done.</summary>
    /// <param name="size">Its size as <c>mount</c> takes it, such as <c>8m</c>.</param>
    public static SmallDisk Mount(string path, string size)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small disk");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) == 0,
            "a small disk cannot be mounted here");
        return new(path);
    }

    /// <summary>Runs a program to its end and returns its exit code, or -1 where there is no such program.</summary>
    public static int Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    public void Dispose() => Run("umount", path);
}
