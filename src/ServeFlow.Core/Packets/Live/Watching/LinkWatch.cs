using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live.Watching;

/// <summary>
/// Hears from the kernel (rtnetlink) what happens to interfaces: each change, however short. Owned by one thread;
/// others may read states and counts, each of which is exact by itself.
/// </summary>
public sealed unsafe class LinkWatch : IDisposable
{
    const int BufferBytes = 1 << 16;

    readonly List<WatchedLink> links;
    readonly List<LinkEvent> events = [];
    readonly LinkHandle? socket;
    readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);

    LinkWatch(IReadOnlyList<string> names)
    {
        links = [.. names.Select(name => new WatchedLink(name))];
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        socket = Libc.Socket(Netlink.Family, Netlink.RawSocket, Netlink.Route);
        var address = new NetlinkAddress { Family = Netlink.Family, Groups = Netlink.LinkGroup };
        if (socket.IsInvalid || Libc.Bind(socket, &address, (uint)sizeof(NetlinkAddress)) < 0)
        {
            socket.Dispose();
            socket = null;
        }

        links.ForEach(link => link.Begin(LinkLook.Now(link.Name)));
    }

    /// <summary>Gets whether the system tells what happens.</summary>
    public bool IsListening => socket is not null;

    /// <summary>Gets the interfaces as they are now, in the order in which they were named.</summary>
    public IReadOnlyList<WatchedLink> Links => links;

    /// <summary>Begins to watch interfaces; <c>any</c> is always up.</summary>
    public static LinkWatch Open(IReadOnlyList<string> names) => new(names);

    /// <summary>Returns what has happened since the last call, in its order; does not wait.</summary>
    public IReadOnlyList<LinkEvent> Read()
    {
        events.Clear();
        while (socket is not null)
        {
            nint length;
            fixed (byte* bytes = buffer)
            {
                length = Libc.Receive(socket, bytes, BufferBytes, Netlink.DoNotWait);
            }

            if (length >= 0)
            {
                Process(buffer.AsSpan(0, (int)length));
            }
            else if (Marshal.GetLastPInvokeError() != Netlink.Overrun)
            {
                break;
            }
            else
            {
                links.ForEach(link => link.Become(LinkLook.Now(link.Name), events)); // some were missed
            }
        }

        return events;
    }

    public void Dispose() => socket?.Dispose();

    void Process(ReadOnlySpan<byte> messages)
    {
        while (Netlink.TryReadLink(ref messages, out var message))
        {
            foreach (var link in links)
            {
                if (message.Index == link.Index)
                {
                    link.Become(message.IsGone ? default : new(message.Index, message.Flags), events);
                }
                else if (!message.IsGone && message.Name.SequenceEqual(link.NameBytes))
                {
                    link.Become(new(message.Index, message.Flags), events);
                }
            }
        }
    }
}
