using System.Buffers.Binary;

namespace ServeFlow.Training.Synthesis;

/// <summary>Writes a pcap file: version 2.4, little-endian, microseconds, Ethernet.</summary>
sealed class CaptureWriter : IFrameOutput, IDisposable
{
    /// <summary>Specifies the longest IP packet in an Ethernet frame.</summary>
    const int LongestFrame = 14 + ushort.MaxValue;

    static readonly byte[] zeros = new byte[LongestFrame];

    readonly Stream stream;
    readonly bool whole;
    readonly byte[] record = new byte[16];

    /// <param name="whole">Frames are filled up with the zeros that they end in, not cut.</param>
    public CaptureWriter(string path, bool whole = false)
    {
        this.whole = whole;
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 18);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2_c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], whole ? LongestFrame : FrameWriter.SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        stream.Write(header);
    }

    public void Write(long microseconds, FrameWriter frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)(microseconds % 1_000_000));
        var filling = whole ? frame.Length - frame.Captured.Length : 0;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), frame.Captured.Length + filling);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), frame.Length);
        stream.Write(record);
        stream.Write(frame.Captured);
        stream.Write(zeros.AsSpan(0, filling));
    }

    public void Dispose() => stream.Dispose();
}
