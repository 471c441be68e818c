using System.Runtime.InteropServices;
using System.Text;

namespace ServeFlow.Packets.Live;

/// <summary>Represents a network interface as the kernel knows it.</summary>
/// <param name="Index">Its number; 0 stands for all interfaces.</param>
readonly record struct LinkInterface(string Name, int Index, LinkFraming Framing)
{
    /// <summary>Takes every interface, as tcpdump's does.</summary>
    public const string Any = "any";

    /// <summary>IFNAMSIZ with its NUL.</summary>
    const int MaxNameBytes = 16;

    const int RequestBytes = 40;
    const nuint GetFlags = 0x8913;
    const nuint GetHardwareAddress = 0x8927;
    const int InternetFamily = 2;
    const ushort IsUp = 1;

    /// <summary>Lists the interfaces that can be captured, <see cref="Any"/> aside.</summary>
    public static unsafe IReadOnlyList<string> Names()
    {
        var names = new List<string>();
        var list = Libc.NameIndex();
        if (list == null)
        {
            return names;
        }

        for (var entry = list; entry->Index != 0; entry++)
        {
            names.Add(Marshal.PtrToStringUTF8((nint)entry->Name)!);
        }

        Libc.FreeNameIndex(list);
        return names;
    }

    /// <summary>Determines whether there can be an interface of that name.</summary>
    public static bool CanExist(string name) => Encoding.UTF8.GetByteCount(name) is > 0 and < MaxNameBytes;

    /// <summary>Determines whether there is an interface of that name now, up or down.</summary>
    public static bool Exists(string name) => name == Any || Libc.IndexOf(name) != 0;

    /// <summary>Determines whether there is an interface of that name now, and it is up.</summary>
    public static bool IsReady(string name) =>
        name == Any || (TryLook(name, out _, out var flags) && (flags & IsUp) != 0);

    /// <summary>Looks at an interface as it is now; false where there is none.</summary>
    /// <param name="flags">IFF_UP and the like.</param>
    public static bool TryLook(string name, out int index, out uint flags)
    {
        (index, flags) = ((int)Libc.IndexOf(name), 0);
        try
        {
            flags = index == 0 ? 0u : Query(name, GetFlags);
        }
        catch (InputException)
        {
            index = 0; // it went meanwhile
        }

        return index != 0;
    }

    /// <exception cref="InputException">There is no such interface, or it is down.</exception>
    public static LinkInterface Find(string name)
    {
        if (name == Any)
        {
            return new(name, 0, LinkFraming.Cooked);
        }

        var index = CanExist(name) ? Libc.IndexOf(name) : 0;
        if (index == 0)
        {
            throw new InputException(LinkProblem.NoSuchInterface(name, Names()));
        }

        if ((Query(name, GetFlags) & IsUp) == 0)
        {
            throw new InputException(LinkProblem.InterfaceDown(name));
        }

        return new(name, (int)index, LinkFraming.FromHardwareType(Query(name, GetHardwareAddress)));
    }

    /// <summary>Returns the first 16 bits of the answer: flags, or the hardware type. No privilege is needed to
    /// ask.</summary>
    static unsafe ushort Query(string name, nuint what)
    {
        using var socket = Libc.Socket(InternetFamily, PacketAbi.CookedSocket, 0);
        Span<byte> request = stackalloc byte[RequestBytes];
        request.Clear();
        Encoding.UTF8.GetBytes(name, request);
        fixed (byte* argument = request)
        {
            if (socket.IsInvalid || Libc.IoControl(socket, what, argument) < 0)
            {
                throw new InputException(LinkProblem.Refused(name, "ask about the interface"));
            }
        }

        return MemoryMarshal.Read<ushort>(request[MaxNameBytes..]);
    }
}
