namespace ServeFlow.Packets.Live;

/// <summary>Takes the packets of one interface for one worker. Owned by that worker, the counters aside.</summary>
interface ILinkTap : IDisposable
{
    string Name { get; }

    /// <summary>Gets the descriptor that tells by <c>poll</c> when packets are there.</summary>
    int Descriptor { get; }

    /// <summary>
    /// Gets whether nothing more comes: the interface was removed. It may go down and up without that.
    /// </summary>
    bool IsGone { get; }

    /// <summary>Gets whether a packet can be taken now.</summary>
    bool HasPackets { get; }

    /// <summary>Gets how full the buffer is, 0 to 1.</summary>
    double Occupancy { get; }

    /// <summary>Reads the time of the next packet; returns false where there is none yet.</summary>
    bool TryPeek(out long timestampNs);

    /// <summary>
    /// Hands over up to <paramref name="most"/> packets that are not later than a time; they stay valid until
    /// <see cref="Release"/>. False where it cannot take more before that, whatever there is.
    /// </summary>
    /// <param name="number">Counts the packets of all interfaces together.</param>
    bool Fill(PacketBurst burst, int most, long untilNs, ref long number);

    /// <summary>All packets that were handed over are void.</summary>
    void Release();

    /// <summary>Clears an error that the system would tell again and again.</summary>
    void ClearError();

    CaptureCounters ReadCounters();
}
