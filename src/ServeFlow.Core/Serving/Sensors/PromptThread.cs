using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Lets the calling thread run soon after it is woken, though others keep every core busy. Does nothing where the
/// system has no means for it.
/// </summary>
static partial class PromptThread
{
    /// <summary>The shortest time slice that the kernel grants, in nanoseconds: 0.1 ms.</summary>
    public const long SliceNs = 100_000;

    /// <summary>SCHED_OTHER.</summary>
    const uint UsualPolicy = 0;

    /// <summary>Numbers of system calls on x64, for which the C library of Debian 12 has no functions.</summary>
    const nint SetAttributes = 314, GetAttributes = 315;

    static bool IsKnownSystem =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>
    /// Asks the scheduler for short time slices. From Linux 6.12 on, a thread that wakes interrupts those of longer
    /// slices; it gets no more of the core than before, and no privilege is needed.
    /// </summary>
    public static void RequestShortSlices()
    {
        if (ReadAttributes() is not { Policy: UsualPolicy, SliceNs: > SliceNs } attributes)
        {
            return;
        }

        attributes.SliceNs = SliceNs;
        _ = SetScheduling(SetAttributes, 0, ref attributes, 0);
    }

    /// <summary>Gets the thread's time slice in nanoseconds; 0 where the kernel does not tell.</summary>
    public static long ReadSliceNs() => (long)(ReadAttributes()?.SliceNs ?? 0);

    static Attributes? ReadAttributes()
    {
        var attributes = default(Attributes);
        return IsKnownSystem
            && GetScheduling(GetAttributes, 0, ref attributes, Unsafe.SizeOf<Attributes>(), 0) == 0 ? attributes : null;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint GetScheduling(nint number, nint thread, ref Attributes attributes, nint size,
        nint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SetScheduling(nint number, nint thread, ref Attributes attributes, nint flags);

    /// <summary><c>struct sched_attr</c>, as far as every kernel has it.</summary>
    struct Attributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;

        /// <summary><c>sched_runtime</c>: of a thread of the usual policy it is the slice.</summary>
        public ulong SliceNs;

        public ulong DeadlineNs;
        public ulong PeriodNs;
    }
}
