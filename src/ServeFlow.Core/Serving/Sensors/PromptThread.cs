using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Lets the calling thread run soon after it is woken, though others keep every core busy. Does nothing where the
/// system has no means for it.
/// </summary>
static partial class PromptThread
{
    /// <summary>Specifies the shortest time slice that the kernel grants, in nanoseconds: 0.1 ms.</summary>
    public const long SliceNs = 100_000;

    /// <summary>SCHED_OTHER.</summary>
    const uint UsualPolicy = 0;

    /// <summary>Specifies the numbers of sched_setattr and sched_getattr, for which the C library of Debian 12 has no
    /// functions; null on processors where nobody has looked them up.</summary>
    static readonly (nint SetAttributes, nint GetAttributes)? Calls = RuntimeInformation.ProcessArchitecture switch
    {
        _ when !OperatingSystem.IsLinux() => null,
        Architecture.X64 => (314, 315),
        Architecture.Arm64 => (274, 275), // include/uapi/asm-generic/unistd.h
        _ => null,
    };

    /// <summary>
    /// Asks the scheduler for short time slices. From Linux 6.12 on, a thread that wakes interrupts those of longer
    /// slices; it gets no more of the core than before, and no privilege is needed.
    /// </summary>
    public static void RequestShortSlices()
    {
        if (Calls is not { } calls || ReadAttributes() is not { Policy: UsualPolicy, SliceNs: > SliceNs } attributes)
        {
            return;
        }

        attributes.SliceNs = SliceNs;
        _ = SetScheduling(calls.SetAttributes, 0, ref attributes, 0);
    }

    /// <summary>Gets the thread's time slice in nanoseconds; 0 where the kernel does not tell.</summary>
    public static long ReadSliceNs() => (long)(ReadAttributes()?.SliceNs ?? 0);

    static Attributes? ReadAttributes()
    {
        var attributes = default(Attributes);
        return Calls is { } calls
            && GetScheduling(calls.GetAttributes, 0, ref attributes, Unsafe.SizeOf<Attributes>(), 0) == 0
                ? attributes
                : null;
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
