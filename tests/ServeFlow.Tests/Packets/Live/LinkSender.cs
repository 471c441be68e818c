using System.Runtime.InteropServices;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Sends whole frames out of an interface.</summary>
sealed unsafe partial class LinkSender : IDisposable
{
    /// <summary>
    /// The frames sent at once. A veth hands them to the backlog of a processor, which drops what is past
    /// net.core.netdev_max_backlog (1,000 by default) without telling the receiver.
    /// </summary>
    const int BatchFrames = 256;

    /// <summary>The column of /proc/net/softnet_stat that holds the length of a processor's backlog.</summary>
    const int BacklogColumn = 11;

    /// <summary>PACKET_QDISC_BYPASS.</summary>
    const int QueueBypass = 20;

    readonly LinkHandle socket;

    /// <summary>To be called in the interface's namespace.</summary>
    public LinkSender(string name)
    {
        socket = Libc.Socket(PacketAbi.Family, PacketAbi.RawSocket, 0);
        var address = new LinkAddress { Family = PacketAbi.Family, Interface = (int)Libc.IndexOf(name) };
        Assert.True(!socket.IsInvalid && Libc.Bind(socket, &address, (uint)sizeof(LinkAddress)) == 0,
            Marshal.GetLastPInvokeErrorMessage());
        var bypass = 1;
        Libc.SetOption(socket, PacketAbi.PacketLevel, QueueBypass, &bypass, sizeof(int));
    }

    /// <summary>Sends frames once, no faster than the kernel moves them to the other end: none is lost on the way.
    /// </summary>
    public void Send(params IReadOnlyList<byte[]> frames)
    {
        foreach (var some in frames.Chunk(BatchFrames))
        {
            Send(some, times: 1);
            Assert.True(SpinWait.SpinUntil(() => CountBacklog() == 0, TimeSpan.FromSeconds(10)));
        }
    }

    /// <summary>Sends up to a thousand frames again and again, as fast as the system takes them.</summary>
    public void Send(byte[][] frames, int times)
    {
        var pins = frames.Select(frame => GCHandle.Alloc(frame, GCHandleType.Pinned)).ToArray();
        var parts = frames.Select((frame, i) => new Part(pins[i].AddrOfPinnedObject(), frame.Length)).ToArray();
        fixed (Part* part = parts)
        {
            var messages = stackalloc Message[frames.Length];
            for (var i = 0; i < frames.Length; i++)
            {
                messages[i] = new() { Parts = part + i, PartCount = 1 };
            }

            for (; times > 0; times--)
            {
                SendAll(messages, frames.Length);
            }
        }

        Array.ForEach(pins, pin => pin.Free());
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Counts the frames that wait in the backlogs of all processors.</summary>
    static long CountBacklog() => File.ReadLines("/proc/net/softnet_stat")
        .Sum(line => Convert.ToInt64(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[BacklogColumn], 16));

    void SendAll(Message* messages, int count)
    {
        for (var sent = 0; sent < count;)
        {
            var some = SendMessages(socket, messages + sent, (uint)(count - sent), 0);
            Assert.True(some > 0, Marshal.GetLastPInvokeErrorMessage());
            sent += some;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMessages(LinkHandle socket, Message* messages, uint count, int flags);

    /// <summary><c>struct iovec</c>.</summary>
    readonly record struct Part(nint Data, nint Length);

    /// <summary><c>struct mmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Message
    {
        public nint Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public nint Control;
        public nuint ControlLength;
        public int Flags;
        public uint Sent;
    }
}
