namespace ServeFlow.Packets.Captures.Reading;

/// <summary>Reads the records of one capture format out of a window.</summary>
interface IRecordReader
{
    /// <summary>
    /// Adds packets until the burst is full or the window holds no further whole record. Only while the burst is
    /// still empty does it read on, skip other blocks or search over damage, and that for a slice at most, so that its
    /// owner can stop. Returns false at the end; the burst is empty then.
    /// </summary>
    bool Fill(PacketBurst burst);
}
