using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using ServeFlow.Packets;
using ServeFlow.Packets.Clocks;

namespace ServeFlow.Sinks.Files;

/// <summary>Says how a capture of chosen flows is cut into files.</summary>
public sealed record PcapDumpOptions
{
    /// <summary>Gets the directory of the files; it is created where there is none.</summary>
    public required string Directory { get; init; }

    /// <summary>Gets the number of bytes after which a file is followed by the next.</summary>
    public long FileBytes { get; init; } = 100_000_000;

    /// <summary>Packet time after which a file is followed by the next.</summary>
    public TimeSpan FileTime { get; init; } = TimeSpan.MaxValue;

    /// <summary>Gets the number of files that are kept: the oldest is deleted when there would be more.</summary>
    public int Files { get; init; } = int.MaxValue;
}

/// <summary>
/// Packets into pcap files with nanoseconds, one after the other; files of one link-layer type each. Packets reach a
/// file whole or not at all.
/// </summary>
sealed class PcapDump(PcapDumpOptions options)
{
    /// <summary>Magic of a little-endian pcap file with nanoseconds.</summary>
    const uint Magic = 0xa1b2_3c4d;

    const int FileHeaderLength = 24;
    const int PacketHeaderLength = 16;
    const int SnapLength = 262_144;
    const int FlushAt = 1 << 16;

    readonly Queue<string> finished = [];
    readonly ArrayBufferWriter<byte> buffered = new();
    AppendStream? file; // let go of by Close and Abandon
    LinkType linkType;
    string path = "";
    long fileBytes;
    long firstNs;
    int number;

    /// <summary>Gets how many packets have reached a file.</summary>
    public long Written { get; private set; }

    /// <summary>Gets how many packets are gathered and have not reached a file.</summary>
    public long Pending { get; private set; }

    public void Write(in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        if (file is not null && (packet.LinkType != linkType || fileBytes + buffered.WrittenCount >= options.FileBytes
            || IsOfAnotherFile(packet.TimestampNs)))
        {
            Flush();
            Close();
        }

        if (file is null)
        {
            Open(packet);
        }

        Span<byte> header = stackalloc byte[PacketHeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(packet.TimestampNs / 1_000_000_000));
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)(packet.TimestampNs % 1_000_000_000));
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], packet.OriginalLength);
        buffered.Write(header);
        buffered.Write(data);
        Pending++;
        if (buffered.WrittenCount >= FlushAt)
        {
            Flush();
        }
    }

    /// <exception cref="IOException">The file cannot take it; what was gathered is still here.</exception>
    public void Flush()
    {
        if (buffered.WrittenCount > 0)
        {
            file!.Write(buffered.WrittenSpan);
            fileBytes += buffered.WrittenCount;
            Written += Pending;
            DiscardPending();
        }
    }

    /// <summary>Gives up what could not be written, and the file with it.</summary>
    public void Abandon()
    {
        DiscardPending();
        file?.Dispose();
        if (file is not null && fileBytes > 0)
        {
            finished.Enqueue(path);
        }
        else if (file is not null)
        {
            File.Delete(path); // a full disk must not fill up with empty files
        }

        file = null;
    }

    public void Close()
    {
        file?.Dispose();
        if (file is not null)
        {
            finished.Enqueue(path);
        }

        file = null;
    }

    /// <summary>
    /// A packet that is a little older belongs to the file: flows' packets come when their answers do. One that is
    /// older by a step of the clock begins the next file; otherwise this one would go on until the old time came again.
    /// </summary>
    bool IsOfAnotherFile(long timestampNs)
    {
        var most = options.FileTime.TotalNanoseconds;
        return timestampNs - firstNs >= most || firstNs - timestampNs >= Math.Max(most, PacketClock.MinStepNs);
    }

    void DiscardPending()
    {
        buffered.Clear();
        Pending = 0;
    }

    /// <summary>Named for the time of its first packet and numbered, so that names sort.</summary>
    void Open(in KeptPacket packet)
    {
        Directory.CreateDirectory(options.Directory);
        while (finished.Count >= options.Files)
        {
            File.Delete(finished.Dequeue());
        }

        var time = DateTime.UnixEpoch.AddTicks(packet.TimestampNs / 100)
            .ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        do
        {
            path = Path.Combine(options.Directory,
                string.Create(CultureInfo.InvariantCulture, $"flows-{time}-{++number:D5}.pcap"));
        }
        while (File.Exists(path));
        file = AppendStream.Open(path);
        (linkType, firstNs, fileBytes) = (packet.LinkType, packet.TimestampNs, 0);
        Span<byte> header = stackalloc byte[FileHeaderLength];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], SnapLength);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], (int)linkType);
        buffered.Write(header);
    }
}
