using System.Runtime.InteropServices;
using ServeFlow.Packets.Captures.Reading;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads the blocks of a pcapng file; the window stands at its first section header.</summary>
sealed unsafe class PcapngReader(CaptureWindow window, DamageLog damage, Tally<SkippedBlock> skipped) : IRecordReader
{
    /// <summary>No capture has as many; a file of nothing else must not fill the memory.</summary>
    const int MaxInterfaces = 1 << 16;

    readonly DamageSearch search = new(window, damage);
    readonly List<PcapngInterface> interfaces = [];
    bool bigEndian;
    int interfacesBefore;
    long number;
    long lastNs;

    public bool Fill(PacketBurst burst)
    {
        if (search.IsRunning)
        {
            return PcapngBlockScan.Search(window, search, bigEndian);
        }

        var from = window.Offset;
        var hasMore = true;
        do
        {
            AddWhole(burst);
        }
        while (!burst.IsFull && !search.IsRunning && window.Offset - from < DamageSearch.Slice
               && TryReadBlock(burst, mayMove: burst.Count == 0, out hasMore));
        return hasMore || burst.Count > 0;
    }

    /// <summary>
    /// The enhanced packets that lie whole and sound in the window, which are nearly all blocks: as fast as it goes.
    /// Stops at the first block that needs more thought.
    /// </summary>
    void AddWhole(PacketBurst burst)
    {
        var start = window.Pointer;
        var (at, available) = (0, window.Available.Length);
        while (!burst.IsFull && available - at >= EnhancedPacket.MinLength &&
               EnhancedPacket.TryRead(start + at, available - at, bigEndian, out var packet) &&
               packet.Interface < (uint)interfaces.Count)
        {
            ref readonly var source = ref CollectionsMarshal.AsSpan(interfaces)[(int)packet.Interface];
            if (!source.Clock.TryToNs(packet.Ticks, out var ns))
            {
                break;
            }

            burst.Add(new(start + at + EnhancedPacket.DataAt, (int)packet.Captured,
                CaptureLimits.OriginalLength(packet.Captured, packet.Original), lastNs = ns, source.LinkType,
                interfacesBefore + (int)packet.Interface, ++number));
            at += packet.BlockLength;
        }

        window.Advance(at);
    }

    /// <summary>False at the end, and where going on takes moving bytes that the burst still points at.</summary>
    /// <param name="hasMore">Whether the capture goes on, as far as is known.</param>
    bool TryReadBlock(PacketBurst burst, bool mayMove, out bool hasMore)
    {
        hasMore = true;
        if (!window.TryBuffer(PcapngBlock.MinLength, mayMove))
        {
            hasMore = false;
            return EndOfFile(mayMove);
        }

        return ReadBlock(burst, mayMove, ref hasMore);
    }

    bool ReadBlock(PacketBurst burst, bool mayMove, ref bool hasMore)
    {

        var isSection = PcapngSection.IsMagic(window.Available);
        var order = bigEndian;
        if (isSection && !PcapngSection.TryReadOrder(window.Available, out order))
        {
            return mayMove && Resynchronise(DamageReason.BadBlock, ref hasMore);
        }

        var block = PcapngBlock.Read(window.Available, order);
        if (!block.IsPossible)
        {
            return mayMove && Resynchronise(DamageReason.AbsurdLength, ref hasMore);
        }

        if (block.Length > PcapngBlock.MaxHeldLength)
        {
            return mayMove && SkipLarge(block, ref hasMore);
        }

        if (!window.TryBuffer((int)block.Length, mayMove))
        {
            return mayMove && Resynchronise(DamageReason.TruncatedRecord, ref hasMore);
        }

        if (!PcapngBlockScan.LengthsAgree(window.Available, block, order))
        {
            return mayMove && Resynchronise(DamageReason.BadBlock, ref hasMore);
        }

        if (isSection && !PcapngSection.IsSupported(window.Available, order))
        {
            return mayMove && Resynchronise(DamageReason.UnsupportedVersion, ref hasMore);
        }

        bigEndian = order;
        ProcessBlock(burst, block);
        window.Advance((int)block.Length);
        return true;
    }

    void ProcessBlock(PacketBurst burst, PcapngBlock block)
    {
        var bytes = window.Available[..(int)block.Length];
        switch (block.Type)
        {
            case PcapngSection.BlockType:
                interfacesBefore += interfaces.Count;
                interfaces.Clear();
                break;
            case PcapngBlock.InterfaceDescription:
                AddInterface(bytes);
                break;
            case PcapngBlock.EnhancedPacket or PcapngBlock.OldPacket:
                var isOld = block.Type == PcapngBlock.OldPacket;
                Add(burst, bytes, PcapngPacket.TryReadEnhanced(bytes, bigEndian, isOld, out var packet), packet);
                break;
            case PcapngBlock.SimplePacket:
                var snapLength = interfaces.Count == 0 ? 0 : interfaces[0].SnapLength;
                Add(burst, bytes, PcapngPacket.TryReadSimple(bytes, bigEndian, snapLength, out var simple), simple);
                break;
            default:
                skipped.Count(block.Kind);
                break;
        }
    }

    void AddInterface(ReadOnlySpan<byte> block)
    {
        if (!PcapngInterface.TryRead(block, bigEndian, out var description))
        {
            damage.Add(window.Offset, DamageReason.BadBlock, window.Offset + block.Length);
        }
        else if (interfaces.Count < MaxInterfaces)
        {
            interfaces.Add(description);
        }
    }

    void Add(PacketBurst burst, ReadOnlySpan<byte> block, bool isSound, in PcapngPacket packet)
    {
        if (!isSound || packet.Interface >= interfaces.Count)
        {
            damage.Add(window.Offset, isSound ? DamageReason.UnknownInterface : DamageReason.BadBlock,
                window.Offset + block.Length);
            return;
        }

        var source = interfaces[packet.Interface];
        if (packet.Ticks is { } ticks && !source.Clock.TryToNs(ticks, out lastNs))
        {
            damage.AddOddity(window.Offset, DamageReason.OddTimestamp);
        }

        burst.Add(new(window.Pointer + packet.DataAt, (int)packet.Captured,
            CaptureLimits.OriginalLength(packet.Captured, packet.Original), lastNs, source.LinkType,
            interfacesBefore + packet.Interface, ++number));
    }

    /// <summary>Passes a block that the window need not hold, and looks at its second length on the way.</summary>
    bool SkipLarge(PcapngBlock block, ref bool hasMore)
    {
        var at = window.Offset;
        skipped.Count(block.Kind);
        if (!window.TrySkip(block.Length - sizeof(uint)) || !window.TryBuffer(sizeof(uint), mayMove: true))
        {
            damage.Add(at, DamageReason.TruncatedRecord);
            window.Advance(window.Available.Length);
            return hasMore = false;
        }

        if (ByteOrder.Read32(window.Available, bigEndian) != block.Length)
        {
            return Resynchronise(DamageReason.BadBlock, at, ref hasMore);
        }

        window.Advance(sizeof(uint));
        return true;
    }

    bool EndOfFile(bool atEnd)
    {
        if (atEnd && !window.Available.IsEmpty)
        {
            damage.Add(window.Offset, DamageReason.TruncatedRecord);
            window.Advance(window.Available.Length);
        }

        return false;
    }

    bool Resynchronise(DamageReason reason, ref bool hasMore) => Resynchronise(reason, window.Offset, ref hasMore);

    /// <summary>Begins a search for the next block. Returns false, for what comes next is not known yet.</summary>
    bool Resynchronise(DamageReason reason, long damagedAt, ref bool hasMore)
    {
        search.Begin(reason, damagedAt, 1);
        hasMore = PcapngBlockScan.Search(window, search, bigEndian);
        return false;
    }
}
