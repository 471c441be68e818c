namespace ServeFlow.Packets.Captures;

/// <summary>Reads the blocks of a pcapng file; the window stands at its first section header.</summary>
sealed class PcapngReader : IRecordReader
{
    public PcapngReader(CaptureWindow window, DamageLog damage) =>
        throw new InputException($"pcapng is not read yet (byte {window.Offset + damage.Places.Count})");

    public void Fill(PacketBurst burst) => burst.Clear();
}
