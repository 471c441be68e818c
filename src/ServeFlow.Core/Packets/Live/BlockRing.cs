namespace ServeFlow.Packets.Live;

/// <summary>
/// The kernel's ring of blocks, mapped. A block belongs to the kernel, which fills it, or to us; status words pass it
/// over. Blocks are read in turn; those read stay ours, and their packets in place, until <see cref="ReleaseBlocks"/>.
/// </summary>
sealed unsafe class BlockRing : IDisposable
{
    /// <summary>
    /// The longest packet (64 KiB after the kernel's receive offload) fits with room to spare, and at the smallest
    /// there are enough blocks that retiring half-empty ones costs little memory.
    /// </summary>
    public const int BlockBytes = 1 << 17;

    readonly int blocks;
    byte* memory;
    int reading;
    int held;
    uint left;
    FrameHeader* next;

    public BlockRing(byte* memory, int blocks)
    {
        this.memory = memory;
        this.blocks = blocks;
    }

    /// <summary>Gets whether a packet can be taken now.</summary>
    public bool HasPackets => left > 0 || (held < blocks && IsUserOwned(reading));

    /// <summary>Looks at the next packet; null where there is none yet.</summary>
    public FrameHeader* PeekFrame() => left == 0 && !TryOpenBlock() ? null : next;

    /// <summary>Takes the next packet; null where there is none yet.</summary>
    public FrameHeader* ReadFrame()
    {
        if (left == 0 && !TryOpenBlock())
        {
            return null;
        }

        var frame = next;
        next = (FrameHeader*)((byte*)frame + frame->NextAt);
        if (--left == 0)
        {
            CloseBlock();
        }

        return frame;
    }

    /// <summary>Gives all blocks that were read to their end back to the kernel: their packets are void.</summary>
    public void ReleaseBlocks()
    {
        for (; held > 0; held--)
        {
            var block = reading - held;
            Volatile.Write(ref Block(block < 0 ? block + blocks : block)->Status, 0);
        }
    }

    /// <summary>Share of the blocks that wait for us, 0 to 1.</summary>
    public double Occupancy()
    {
        // Ours follow each other from the one that is read on: the first of the kernel's is found by halving.
        var (ours, notOurs) = (held - 1, blocks);
        while (notOurs - ours > 1)
        {
            var middle = (ours + notOurs) / 2;
            (ours, notOurs) = IsUserOwned((reading - held + middle + blocks) % blocks)
                ? (middle, notOurs)
                : (ours, middle);
        }

        return (double)notOurs / blocks;
    }

    /// <summary>Unmaps the ring, once: by the second time its addresses may belong to others.</summary>
    public void Dispose()
    {
        if (memory != null)
        {
            Libc.Unmap(memory, (nuint)blocks * BlockBytes);
            memory = null;
            (left, held) = (0, blocks); // nothing of it is read again
        }
    }

    bool TryOpenBlock()
    {
        while (held < blocks && IsUserOwned(reading))
        {
            var block = Block(reading);
            left = block->Packets;
            next = (FrameHeader*)((byte*)block + block->FirstPacketAt);
            if (left > 0)
            {
                return true;
            }

            CloseBlock();
        }

        return false;
    }

    void CloseBlock()
    {
        held++;
        reading = reading + 1 == blocks ? 0 : reading + 1;
    }

    bool IsUserOwned(int block) => (Volatile.Read(ref Block(block)->Status) & PacketAbi.StatusUser) != 0;

    BlockHeader* Block(int block) => (BlockHeader*)(memory + ((long)block * BlockBytes));
}
