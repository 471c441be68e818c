using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>A capture read to its end, its packets copied.</summary>
sealed class ReadCapture
{
    ReadCapture(CaptureFile file) => File = file;

    public CaptureFile File { get; }

    public List<Packet> Packets { get; } = [];

    /// <summary>Reads bytes through a window that begins small, so that it slides and grows.</summary>
    public static ReadCapture From(byte[] bytes, int windowCapacity = 64, ExpansionLimit? limit = null) =>
        From(CaptureFile.Open(new MemoryStream(bytes), "test.pcap", windowCapacity, limit));

    public static ReadCapture From(CaptureFile file)
    {
        var read = new ReadCapture(file);
        var burst = new PacketBurst();
        using (file)
        {
            while (file.Poll(burst))
            {
                foreach (var slot in burst.Packets)
                {
                    read.Packets.Add(Copy(slot));
                }
            }
        }

        return read;
    }

    public static Packet Copy(in PacketSlot slot) => new(slot.Bytes.ToArray(), slot.OriginalLength, slot.TimestampNs,
        (int)slot.LinkType, slot.InterfaceIndex, slot.Number);

    public sealed record Packet(byte[] Bytes, int OriginalLength, long TimestampNs, int LinkType, int Interface,
        long Number);
}
