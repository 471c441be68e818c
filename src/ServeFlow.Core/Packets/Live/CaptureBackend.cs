namespace ServeFlow.Packets.Live;

/// <summary>Names a means of taking packets from a link.</summary>
public enum CaptureBackend
{
    /// <summary>AF_PACKET where the system has it, else libpcap.</summary>
    Auto,

    /// <summary>A ring shared with the Linux kernel (TPACKET_V3, or V2 for low latency).</summary>
    AfPacket,

    /// <summary>libpcap, for one worker.</summary>
    Pcap,
}
