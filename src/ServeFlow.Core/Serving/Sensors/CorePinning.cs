using System.Runtime.InteropServices;

namespace ServeFlow.Serving.Sensors;

/// <summary>Keeps the calling thread to one core, so that its flow table stays in that core's cache.</summary>
static partial class CorePinning
{
    /// <summary>Cores of the kernel's fixed-size set (CPU_SETSIZE of glibc).</summary>
    const int MaxCores = 1024;

    /// <summary>
    /// Pins the calling thread to the <paramref name="number"/>-th core that the process may use. Does nothing where
    /// that leaves no core free for the sinks, or the system does not let us.
    /// </summary>
    public static void Pin(int number, int threads)
    {
        Span<byte> allowed = stackalloc byte[MaxCores / 8];
        if (!OperatingSystem.IsLinux() || GetAffinity(0, allowed.Length, allowed) <= 0)
        {
            return;
        }

        var cores = Enumerate(allowed);
        if (threads >= cores.Count)
        {
            return;
        }

        allowed.Clear();
        allowed[cores[number] / 8] = (byte)(1 << (cores[number] % 8));
        _ = SetAffinity(0, allowed.Length, allowed);
    }

    static List<int> Enumerate(ReadOnlySpan<byte> set)
    {
        var cores = new List<int>();
        for (var core = 0; core < MaxCores; core++)
        {
            if ((set[core / 8] >> (core % 8) & 1) != 0)
            {
                cores.Add(core);
            }
        }

        return cores;
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nint size, Span<byte> set);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, ReadOnlySpan<byte> set);
}
