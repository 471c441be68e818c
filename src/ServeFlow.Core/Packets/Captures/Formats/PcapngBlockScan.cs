using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Finds the next block of a damaged pcapng file: a known type whose two lengths agree.</summary>
static class PcapngBlockScan
{
    const int TrailerLength = 4;

    /// <summary>Specifies the bytes of type and length, which rule places out.</summary>
    static readonly BytePattern LittleEndian = new(new(2, 0, 0), new(6, 0, 8), new(7, 0, 0));
    static readonly BytePattern BigEndian = new(new(1, 0, 0), new(4, 0, 0), new(5, 0, 8));

    /// <summary>A section header, whose length may be in either order.</summary>
    static readonly BytePattern Section = new(new(0, 0x0a, 0x0a), new(1, 0x0d, 0x0d), new(2, 0x0d, 0x0d),
        new(3, 0x0a, 0x0a));

    /// <summary>Moves the window on, to a block, to the end of a slice or to the end of the capture.</summary>
    /// <returns>False at the end of the capture.</returns>
    public static bool Search(CaptureWindow window, DamageSearch search, bool bigEndian)
    {
        while (window.TryBuffer(PcapngBlock.MinLength, mayMove: true))
        {
            var places = window.Available.Length - PcapngBlock.MinLength + 1;
            var at = FindPlace(window.Available, places, bigEndian);
            window.Advance(at < 0 ? places : at);
            if (at >= 0 && IsBlockHere(window, bigEndian))
            {
                search.End();
                return true;
            }

            if (at >= 0)
            {
                window.Advance(LeadingZeros(window.Available));
            }

            if (search.IsSliceOver)
            {
                return true;
            }
        }

        search.EndOfFile();
        return false;
    }

    /// <summary>
    /// Determines whether the block's last four bytes repeat its length; the window holds the whole block.
    /// </summary>
    public static bool LengthsAgree(ReadOnlySpan<byte> bytes, PcapngBlock block, bool bigEndian) =>
        ByteOrder.Read32(bytes[((int)block.Length - TrailerLength)..], bigEndian) == block.Length;

    static int FindPlace(ReadOnlySpan<byte> bytes, int places, bool bigEndian)
    {
        var block = (bigEndian ? BigEndian : LittleEndian).Find(bytes, places);
        var section = Section.Find(bytes, block < 0 ? places : block);
        return section < 0 ? block : section;
    }

    /// <summary>No block is of type 0, so a run of zeros is passed at once.</summary>
    static int LeadingZeros(ReadOnlySpan<byte> bytes)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        return Math.Max(1, (zeros < 0 ? bytes.Length : zeros) - sizeof(uint) + 1);
    }

    static bool IsBlockHere(CaptureWindow window, bool bigEndian)
    {
        var order = bigEndian;
        if (PcapngSection.IsMagic(window.Available) && !PcapngSection.TryReadOrder(window.Available, out order))
        {
            return false;
        }

        var block = PcapngBlock.Read(window.Available, order);
        return block.IsKnown && block.IsPossible && block.Length <= PcapngBlock.MaxHeldLength &&
               window.TryBuffer((int)block.Length, mayMove: true) && LengthsAgree(window.Available, block, order);
    }
}
