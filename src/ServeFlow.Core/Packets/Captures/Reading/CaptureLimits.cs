namespace ServeFlow.Packets.Captures.Reading;

/// <summary>Bounds on what a capture file may ask for.</summary>
static class CaptureLimits
{
    /// <summary>Specifies the largest snap length that libpcap allows, MAXIMUM_SNAPLEN: a longer packet is
    /// damage.</summary>
    public const int MaxCapturedLength = 262144;

    /// <summary>
    /// A record's own length of the packet on the wire; no link carries more. Longer ones are cut to it.
    /// </summary>
    public const int MaxOriginalLength = 1 << 24;

    /// <summary>
    /// Limits how far behind damage the next record may lie from the last one before it: a capture of a year.
    /// </summary>
    public const long MaxGapOverDamageNs = 366 * DayNs;

    /// <summary>
    /// Limits how far apart two records may lie that prove by each other that reading is in step again.
    /// </summary>
    public const long MaxGapOfProofNs = DayNs;

    const long DayNs = 86_400L * 1_000_000_000;

    /// <summary>Gets the length on the wire: at least the captured length.</summary>
    public static int OriginalLength(uint captured, uint original) =>
        (int)Math.Min(Math.Max(captured, original), MaxOriginalLength);
}
