namespace ServeFlow.Packets.Captures;

/// <summary>Bounds on what a capture file may ask for.</summary>
static class CaptureLimits
{
    /// <summary>The largest snap length that libpcap allows, MAXIMUM_SNAPLEN: a longer packet is damage.</summary>
    public const int MaxCapturedLength = 262144;

    /// <summary>A record's own length of the packet on the wire; no link carries more. Longer ones are cut to it.</summary>
    public const int MaxOriginalLength = 1 << 24;

    /// <summary>Records of one capture that lie further apart than this are no proof that reading is in step again.</summary>
    public const long MaxResynchronisationGapNs = 86_400L * 1_000_000_000;

    /// <summary>Both a packet's lengths as they are used: what was captured was on the wire.</summary>
    public static int OriginalLength(uint captured, uint original) =>
        (int)Math.Min(Math.Max(captured, original), MaxOriginalLength);
}
