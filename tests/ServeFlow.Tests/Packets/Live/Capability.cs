using System.Runtime.InteropServices;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>This thread's right to open packet sockets.</summary>
static unsafe partial class Capability
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3.</summary>
    const uint Version3 = 0x20080522;

    /// <summary>CAP_NET_RAW.</summary>
    const uint NetRaw = 1 << 13;

    const int GetNumber = 125;
    const int SetNumber = 126;

    /// <summary>Does without it for a while. Capabilities belong to threads: others keep theirs.</summary>
    public static T Without<T>(Func<T> function)
    {
        var header = new Header { Version = Version3 };
        // Two of struct __user_cap_data_struct: effective, permitted, inheritable.
        var sets = stackalloc uint[6];
        Call(GetNumber, &header, sets);
        var effective = sets[0];
        sets[0] &= ~NetRaw;
        Call(SetNumber, &header, sets);
        try
        {
            return function();
        }
        finally
        {
            sets[0] = effective;
            Call(SetNumber, &header, sets);
        }
    }

    /// <summary>x86-64's capget and capset; glibc wraps neither.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, Header* header, uint* sets);

    /// <summary><c>struct __user_cap_header_struct</c>.</summary>
    struct Header
    {
        public uint Version;
        public int Thread;
    }
}
