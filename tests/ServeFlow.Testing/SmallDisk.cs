using System.Diagnostics;
using Xunit;

namespace ServeFlow.Tests.Serving;

/// <summary>A file system in memory of a given size, which only root can make.</summary>
sealed class SmallDisk(string path) : IDisposable
{
    public static SmallDisk Mount(string path, string size)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount a small disk");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path) == 0,
            "a small disk cannot be mounted here");
        return new(path);
    }

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
