namespace ServeFlow.Packets.Live;

/// <summary>Stands for an interface that has not come yet: it has no packets until it is opened.</summary>
sealed class AbsentTap(string name) : ILinkTap
{
    public string Name { get; } = name;

    public int Descriptor => PollRequest.Ignored;

    public bool IsGone => true;

    public bool HasPackets => false;

    public double Occupancy => 0;

    public bool TryPeek(out long timestampNs)
    {
        timestampNs = 0;
        return false;
    }

    public bool Fill(PacketBurst burst, int most, long untilNs, ref long number) => true;

    public void Release()
    {
        // Nothing was handed over.
    }

    public void ClearError()
    {
        // Nothing is asked of the system.
    }

    public CaptureCounters ReadCounters() => default;

    public void Dispose()
    {
        // Nothing is open.
    }
}
