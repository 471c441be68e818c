using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ServeFlow.Features;

namespace ServeFlow.Cascade.OpenSet;

/// <summary>
/// Training flows by their openings, as a bundle keeps them: for every opening, and for every opening together with a
/// class, how many flows began so; and for every word of a packet together with a class, how many flows had it.
/// docs/formats/bundle.md describes the file.
/// </summary>
public sealed class OpeningCounts
{
    /// <summary>Gets the file's first bytes: "SFOPEN", a zero and the format's number.</summary>
    static ReadOnlySpan<byte> Magic => "SFOPEN\0\u0002"u8;

    /// <summary>The same of a file without words and classes; its bundle has no weights for them.</summary>
    static ReadOnlySpan<byte> MagicWithoutWords => "SFOPEN\0\u0001"u8;

    /// <summary>Exceeds what training keeps (some dozens for each packet of 50,000 flows, few of them different); it
    /// bounds what a file can make us allocate.</summary>
    const int MaxEntries = 1 << 24;

    const int HeaderBytes = 16;
    const int EntryBytes = sizeof(ulong) + sizeof(uint);

    readonly Dictionary<ulong, uint> entries = [];

    /// <param name="packets">Packets of the longest opening, 1 to <see cref="OpeningTable.MaxPackets"/>.</param>
    public OpeningCounts(int packets) => Packets = packets;

    public int Packets { get; }

    /// <summary>Gets the number of flows that were counted.</summary>
    public int Flows { get; private set; }

    internal IReadOnlyCollection<KeyValuePair<ulong, uint>> Entries => entries;

    /// <summary>Counts one flow.</summary>
    /// <param name="packets">Its packets, all that a tier would see.</param>
    public void Add(OpeningHash hash, ReadOnlySpan<HeaderRecord> packets, int label)
    {
        var opening = OpeningHash.Start;
        Count(OpeningHash.With(opening, label));
        Span<ulong> words = stackalloc ulong[hash.VisibleWords];
        for (var place = 0; place < Math.Min(packets.Length, Packets); place++)
        {
            opening = hash.Next(opening, packets[place]);
            Count(opening);
            Count(OpeningHash.With(opening, label));
            hash.ComputeWords(place, packets[place], words);
            foreach (var word in words)
            {
                Count(OpeningHash.With(word, label));
            }
        }

        Flows++;
    }

    void Count(ulong number) => CollectionsMarshal.GetValueRefOrAddDefault(entries, number, out _)++;

    public OpeningTable Compile(FeatureSchema schema) => new(schema, this);

    /// <summary>Returns the file: magic, packets, flows, then each opening's number and count, numbers
    /// rising.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + (entries.Count * EntryBytes)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Packets);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Flows);
        var at = HeaderBytes;
        foreach (var (opening, flows) in entries.OrderBy(entry => entry.Key))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), opening);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + sizeof(ulong)), flows);
            at += EntryBytes;
        }

        return bytes;
    }

    /// <exception cref="InputException">The bytes are not such a file; the message says where.</exception>
    public static OpeningCounts Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderBytes || !(bytes.StartsWith(Magic) || bytes.StartsWith(MagicWithoutWords))
            || (bytes.Length - HeaderBytes) % EntryBytes != 0
            || (bytes.Length - HeaderBytes) / EntryBytes > MaxEntries)
        {
            throw new InputException(Changed(path, $"{bytes.Length} bytes that are no table of openings"));
        }

        var packets = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var flows = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (packets is < 1 or > OpeningTable.MaxPackets || flows < 1)
        {
            throw new InputException(Changed(path, $"{packets} packets of {flows} flows"));
        }

        var counts = new OpeningCounts(packets) { Flows = flows };
        var before = 0UL;
        for (var at = HeaderBytes; at < bytes.Length; at += EntryBytes)
        {
            var opening = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + sizeof(ulong))..]);
            if ((at > HeaderBytes && opening <= before) || count == 0 || count > (uint)flows)
            {
                throw new InputException(Changed(path,
                    $"offset {at}: an opening out of order, or of {count} flows out of {flows}"));
            }

            counts.entries.Add(opening, count);
            before = opening;
        }

        return counts;
    }

    static string Changed(string path, string problem) =>
        $"{path}: changed since the bundle was written ({problem}); restore the bundle from its original, or train it "
        + "again";
}
