using System.Buffers.Binary;

namespace ServeFlow.Training.Synthesis;

/// <summary>Writes a pcap file: version 2.4, little-endian, microseconds, Ethernet.</summary>
sealed class CaptureWriter : IFrameOutput, IDisposable
{
    readonly Stream stream;
    readonly byte[] record = new byte[16];

    public CaptureWriter(string path)
    {
        stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 18);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2_c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], FrameWriter.SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        stream.Write(header);
    }

    public void Write(long microseconds, FrameWriter frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(microseconds / 1_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)(microseconds % 1_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), frame.Captured.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), frame.Length);
        stream.Write(record);
        stream.Write(frame.Captured);
    }

    public void Dispose() => stream.Dispose();
}
