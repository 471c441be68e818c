using ServeFlow.Packets.Filters;

namespace ServeFlow.Packets.Live;

/// <summary>
/// A packet socket of one interface. It hears nothing until <see cref="Bind"/>, so whatever filter was attached
/// before sees the first packet already.
/// </summary>
sealed unsafe class PacketSocket : IDisposable
{
    /// <summary>
    /// Gives the milliseconds after which a block that is not full is handed over: short for whoever waits for the
    /// packet, long enough that a quiet link does not wake us for every packet.
    /// </summary>
    const uint RetireMilliseconds = 2;

    /// <summary>Frames of TPACKET_V3 have no fixed size; the kernel merely wants one that divides the block.</summary>
    const uint FrameBytes = 1 << 11;

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

    /// <summary>Creates and maps the ring.</summary>
    public BlockRing MapRing(long bytes)
    {
        Set(PacketAbi.PacketLevel, PacketAbi.Version, PacketAbi.Version3, "use TPACKET_V3");
        Set(PacketAbi.PacketLevel, PacketAbi.Reserve, VlanTag.Length, "reserve room for VLAN tags");
        var blocks = (uint)Math.Max(2, (bytes + BlockRing.BlockBytes - 1) / BlockRing.BlockBytes);
        var request = new RingRequest
        {
            BlockSize = BlockRing.BlockBytes,
            BlockCount = blocks,
            FrameSize = FrameBytes,
            FrameCount = blocks * (BlockRing.BlockBytes / FrameBytes),
            RetireTimeout = RetireMilliseconds,
        };
        var length = (nuint)blocks * BlockRing.BlockBytes;
        if (Libc.SetOption(Handle, PacketAbi.PacketLevel, PacketAbi.RxRing, &request, (uint)sizeof(RingRequest)) < 0)
        {
            throw new InputException(LinkProblem.NoRing(link.Name, (long)length));
        }

        var memory = Libc.Map(null, length, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapShared, Handle, 0);
        return memory != Libc.MapFailed
            ? new((byte*)memory, (int)blocks)
            : throw new InputException(LinkProblem.NoRing(link.Name, (long)length));
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

    /// <summary>The index of the interface that the socket listens to; -1 once that was removed.</summary>
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

    /// <summary>Founds a group of sockets that share the interface's packets, and returns its number.</summary>
    public int CreateFanoutGroup()
    {
        const int Kind = PacketAbi.FanoutHash | PacketAbi.FanoutDefragment | PacketAbi.FanoutUniqueId;
        Set(PacketAbi.PacketLevel, PacketAbi.Fanout, Kind << 16, "share the packets between workers");
        var (group, length) = (0, (uint)sizeof(int));
        return Libc.GetOption(Handle, PacketAbi.PacketLevel, PacketAbi.Fanout, &group, &length) == 0
            ? group & 0xffff
            : throw new InputException(LinkProblem.Refused(link.Name, "share the packets between workers"));
    }

    /// <summary>
    /// Joins such a group. A packet goes to the member that its addresses and ports choose, in either direction the
    /// same one; fragments are put together first, since only the first of them has ports.
    /// </summary>
    public void JoinFanoutGroup(int group)
    {
        const int Kind = PacketAbi.FanoutHash | PacketAbi.FanoutDefragment;
        Set(PacketAbi.PacketLevel, PacketAbi.Fanout, group | (Kind << 16), "share the packets between workers");
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
