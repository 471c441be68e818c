using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Finds the next block of a damaged pcapng file: a known type whose two lengths agree.</summary>
static class PcapngBlockScan
{
    const int TrailerLength = 4;

    /// <summary>Moves the window at least one byte on, to a block or to the end.</summary>
    public static bool TryFindNext(CaptureWindow window, bool bigEndian)
    {
        window.Advance(1);
        while (window.TryBuffer(PcapngBlock.MinLength, mayMove: true))
        {
            if (IsBlockHere(window, bigEndian))
            {
                return true;
            }

            window.Advance(1);
        }

        window.Advance(window.Available.Length);
        return false;
    }

    /// <summary>
    /// Determines whether the block's last four bytes repeat its length; the window holds the whole block.
    /// </summary>
    public static bool LengthsAgree(ReadOnlySpan<byte> bytes, PcapngBlock block, bool bigEndian) =>
        ByteOrder.Read32(bytes[((int)block.Length - TrailerLength)..], bigEndian) == block.Length;

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
