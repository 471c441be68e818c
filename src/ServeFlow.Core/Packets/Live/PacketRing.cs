namespace ServeFlow.Packets.Live;

/// <summary>
/// The kernel's ring of blocks, mapped. A block belongs to the kernel, which fills it, or to us; status words pass it
/// over. Blocks are read in turn; those read stay ours, and their packets in place, until <see cref="ReleaseBlocks"/>.
/// </summary>
/// <typeparam name="TLayout">The version of the ring: whether a block holds many packets or one.</typeparam>
sealed unsafe class PacketRing<TLayout> : IDisposable
    where TLayout : struct, IRingLayout
{
    readonly int blocks;
    readonly int blockBytes;
    byte* memory;
    int reading;
    int held;
    uint left;
    byte* next;

    /// <param name="memory">The start of the mapping, which belongs to the ring from then on.</param>
    /// <param name="blocks">The number of blocks in it.</param>
    /// <param name="blockBytes">The bytes of each.</param>
    public PacketRing(byte* memory, int blocks, int blockBytes)
    {
        this.memory = memory;
        (this.blocks, this.blockBytes) = (blocks, blockBytes);
    }

    /// <summary>Gets whether a packet can be taken now.</summary>
    public bool HasPackets => left > 0 || (held < blocks && IsUserOwned(reading));

    /// <summary>Looks at the next packet; null where there is none yet.</summary>
    public byte* Peek() => left == 0 && !TryOpenBlock() ? null : next;

    /// <summary>Takes the next packet; null where there is none yet.</summary>
    public byte* Read()
    {
        if (left == 0 && !TryOpenBlock())
        {
            return null;
        }

        var packet = next;
        next = TLayout.NextPacket(packet);
        if (--left == 0)
        {
            CloseBlock();
        }

        return packet;
    }

    /// <summary>Gives all blocks that were read to their end back to the kernel: their packets are void.</summary>
    public void ReleaseBlocks()
    {
        for (; held > 0; held--)
        {
            var block = reading - held;
            Volatile.Write(ref *TLayout.Status(Block(block < 0 ? block + blocks : block)), 0);
        }
    }

    /// <summary>Computes the share of the blocks that wait for us, 0 to 1.</summary>
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
            Libc.Unmap(memory, (nuint)blocks * (nuint)blockBytes);
            memory = null;
            (left, held) = (0, blocks); // nothing of it is read again
        }
    }

    bool TryOpenBlock()
    {
        while (held < blocks && IsUserOwned(reading))
        {
            var block = Block(reading);
            left = TLayout.CountPackets(block);
            next = TLayout.FirstPacket(block);
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

    bool IsUserOwned(int block) =>
        (Volatile.Read(ref *TLayout.Status(Block(block))) & PacketAbi.StatusUser) != 0;

    byte* Block(int block) => memory + ((long)block * blockBytes);
}
