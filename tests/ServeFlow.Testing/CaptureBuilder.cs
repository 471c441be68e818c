namespace ServeFlow.Testing;

/// <summary>Builds pcap files of every flavour, byte by byte.</summary>
public sealed class CaptureBuilder
{
    const long NsPerSecond = 1_000_000_000;

    readonly ByteWriter writer;
    readonly bool nanoseconds;
    readonly bool modified;

    /// <param name="linkType">A number of the LINKTYPE_ registry.</param>
    /// <param name="modified">Alexey Kuznetzov's variant with 24-byte record headers.</param>
    public CaptureBuilder(int linkType = 1, bool bigEndian = false, bool nanoseconds = false, bool modified = false)
    {
        this.nanoseconds = nanoseconds;
        this.modified = modified;
        writer = new ByteWriter(bigEndian)
            .U32(modified ? 0xa1b2cd34 : nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
            .U16(2).U16(4).U32(0).U32(0).U32(262144).U32(linkType);
    }

    /// <summary>Adds a packet.</summary>
    /// <param name="timestampNs">Since the epoch.</param>
    /// <param name="original">Length on the wire; the frame's where left out.</param>
    public CaptureBuilder Add(long timestampNs, byte[] frame, int? original = null)
    {
        var fraction = timestampNs % NsPerSecond;
        writer.U32(timestampNs / NsPerSecond).U32(nanoseconds ? fraction : fraction / 1000)
            .U32(frame.Length).U32(original ?? frame.Length);
        if (modified)
        {
            writer.U32(1).U16(0).U16(0);
        }

        writer.Raw(frame);
        return this;
    }

    /// <summary>Adds bytes that are no record: damage.</summary>
    public CaptureBuilder Garbage(params ReadOnlySpan<byte> bytes)
    {
        writer.Raw(bytes);
        return this;
    }

    public byte[] ToArray() => writer.ToArray();
}
