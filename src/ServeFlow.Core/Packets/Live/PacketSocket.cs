using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// A packet socket of one interface. It hears nothing until <see cref="Bind"/>, so whatever filter was attached
/// before sees the first packet already.
/// </summary>
sealed unsafe class PacketSocket : IDisposable
{
    /// <summary>
    /// Specifies the milliseconds after which a block that is not full is handed over: short for whoever waits for the
    /// packet, long enough that a quiet link does not wake us for every packet.
    /// </summary>
    const uint RetireMilliseconds = 2;

    /// <summary>
    /// Room for packets that are longer than their places in a ring. On many systems net.core.rmem_max is less.
    /// </summary>
    const int LongPacketsBytes = 1 << 22;

    /// <summary>Frames of TPACKET_V3 have no fixed size; the kernel merely wants one that divides the block.</summary>
    const int FrameBytes = 1 << 11;

    readonly LinkInterface link;

    PacketSocket(LinkInterface link, LinkHandle handle) => (this.link, Handle) = (link, handle);

    public LinkHandle Handle { get; }

    /// <exception cref="InputException">The system refuses; the message says how to be let.</exception>
    public static PacketSocket Open(LinkInterface link)
    {
        var type = link.Framing.IsCooked ? PacketAbi.CookedSocket : PacketAbi.RawSocket;
        var handle = Libc.Socket(PacketAbi.Family, type, protocol: 0);
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new InputException(LinkProblem.Refused(link.Name, "open a packet socket"));
        }

        return new(link, handle);
    }

    /// <summary>Creates and maps a ring of which a block is handed over when it is full or 2 ms old.</summary>
    public PacketRing<BlockLayout> MapBlocks(long bytes)
    {
        Set(PacketAbi.PacketLevel, PacketAbi.Version, PacketAbi.Version3, "use TPACKET_V3");
        var memory = Map(bytes, FrameBytes, out var length);
        return new(memory, (int)(length / BlockLayout.BlockBytes), BlockLayout.BlockBytes);
    }

    /// <summary>Creates and maps a ring of which each packet is handed over when it comes.</summary>
    public PacketRing<FrameLayout> MapFrames(long bytes, int snapLength)
    {
        Set(PacketAbi.PacketLevel, PacketAbi.Version, PacketAbi.Version2, "use TPACKET_V2");
        Set(PacketAbi.PacketLevel, PacketAbi.CopyThreshold, 1, "keep long packets whole");
        var buffer = LongPacketsBytes; // as much of it as the system grants
        _ = Libc.SetOption(Handle, PacketAbi.SocketLevel, PacketAbi.ReceiveBuffer, &buffer, sizeof(int));
        var frameBytes = FrameLayout.BytesFor(snapLength);
        var memory = Map(bytes, frameBytes, out var length);
        return new(memory, (int)(length / frameBytes), frameBytes);
    }

    /// <summary>Takes the next packet that was too long for its place in the ring; returns the bytes of it that fit,
    /// or a negative number where there is none.</summary>
    public int ReceiveWhole(byte* to, int most) => (int)Libc.Receive(Handle, to, (nuint)most, PacketAbi.DoNotWait);

    /// <param name="frameBytes">The unit of which there must be a whole number in a block.</param>
    /// <param name="length">Receives the bytes of the mapping.</param>
    byte* Map(long bytes, int frameBytes, out long length)
    {
        Set(PacketAbi.PacketLevel, PacketAbi.Reserve, StrippedVlanTag.Length, "reserve room for VLAN tags");
        var blocks = (uint)Math.Max(2, (bytes + BlockLayout.BlockBytes - 1) / BlockLayout.BlockBytes);
        var request = new RingRequest
        {
            BlockSize = BlockLayout.BlockBytes,
            BlockCount = blocks,
            FrameSize = (uint)frameBytes,
            FrameCount = blocks * (uint)(BlockLayout.BlockBytes / frameBytes),
            RetireTimeout = RetireMilliseconds,
        };
        length = (long)blocks * BlockLayout.BlockBytes;
        if (Libc.SetOption(Handle, PacketAbi.PacketLevel, PacketAbi.RxRing, &request, (uint)sizeof(RingRequest)) < 0)
        {
            throw new InputException(LinkProblem.NoRing(link.Name, length));
        }

        var memory = Libc.Map(null, (nuint)length, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapShared, Handle, 0);
        return memory != Libc.MapFailed ? (byte*)memory
            : throw new InputException(LinkProblem.NoRing(link.Name, length));
    }

    /// <summary>Passes every packet from now on through the program; the change is atomic.</summary>
    public void Attach(ReadOnlySpan<BpfInstruction> program)
    {
        fixed (BpfInstruction* instructions = program)
        {
            var description = new FilterProgram { Length = (ushort)program.Length, Instructions = instructions };
            Set(PacketAbi.SocketLevel, PacketAbi.AttachFilter, description, "attach the filter");
        }
    }

    public void Bind()
    {
        var address = new LinkAddress
        {
            Family = PacketAbi.Family,
            Protocol = PacketAbi.AllProtocols,
            Interface = link.Index,
        };
        if (Libc.Bind(Handle, &address, (uint)sizeof(LinkAddress)) < 0)
        {
            throw new InputException(LinkProblem.Refused(link.Name, "listen to the interface"));
        }
    }

    /// <summary>Returns the index of the interface that the socket listens to; -1 once that was removed.</summary>
    public int GetBoundInterface()
    {
        var (address, length) = (default(LinkAddress), (uint)sizeof(LinkAddress));
        return Libc.GetName(Handle, &address, &length) == 0 ? address.Interface : -1;
    }

    /// <summary>The kernel undoes it when the last socket that asked for it is closed.</summary>
    public void EnablePromiscuous()
    {
        var membership = new Membership { Interface = link.Index, Type = Membership.Promiscuous };
        Set(PacketAbi.PacketLevel, PacketAbi.AddMembership, membership, "make the interface promiscuous");
    }

    /// <summary>
    /// Joins a group of sockets that share the interface's packets, or founds one, and returns its number. A packet
    /// goes to the member that its addresses and ports choose, in either direction the same one; fragments are put
    /// together first, since only the first of them has ports.
    /// </summary>
    /// <param name="group">The group to join, or null. Its number may be 0: the kernel gives that to the first group
    /// after it has started.</param>
    public int Share(int? group)
    {
        const int Kind = PacketAbi.FanoutHash | PacketAbi.FanoutDefragment;
        Set(PacketAbi.PacketLevel, PacketAbi.Fanout,
            group is { } number ? number | (Kind << 16) : (Kind | PacketAbi.FanoutUniqueId) << 16,
            "share the packets between workers");
        var (joined, length) = (0, (uint)sizeof(int));
        return Libc.GetOption(Handle, PacketAbi.PacketLevel, PacketAbi.Fanout, &joined, &length) == 0
            ? joined & 0xffff
            : throw new InputException(LinkProblem.Refused(link.Name, "share the packets between workers"));
    }

    public void Dispose() => Handle.Dispose();

    void Set<T>(int level, int option, T value, string what) where T : unmanaged
    {
        if (Libc.SetOption(Handle, level, option, &value, (uint)sizeof(T)) < 0)
        {
            throw new InputException(LinkProblem.Refused(link.Name, what));
        }
    }
}

/// <summary><c>struct sock_fprog</c>.</summary>
unsafe struct FilterProgram
{
    public ushort Length;
    public BpfInstruction* Instructions;
}
