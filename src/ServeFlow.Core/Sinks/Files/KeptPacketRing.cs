using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServeFlow.Packets;

namespace ServeFlow.Sinks.Files;

/// <summary>Stands before a packet's bytes in memory.</summary>
readonly record struct KeptPacket(long TimestampNs, int CapturedLength, int OriginalLength, LinkType LinkType);

/// <summary>
/// A bounded ring of packets between one producer's thread and one consumer's, in bytes; neither waits in it. A packet
/// lies in one piece: where the rest of the memory is too short for it, that rest is passed over.
/// </summary>
sealed class KeptPacketRing
{
    static readonly int HeaderLength = Unsafe.SizeOf<KeptPacket>();

    readonly byte[] bytes;
    Cursors cursors;

    /// <param name="capacity">Bytes.</param>
    public KeptPacketRing(int capacity) => bytes = new byte[capacity];

    /// <summary>Producer: copies a packet in; false where there is no room.</summary>
    public bool TryAdd(in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        var length = HeaderLength + data.Length;
        var tail = cursors.Tail;
        var place = (int)(tail % bytes.Length);
        var passed = bytes.Length - place < length ? bytes.Length - place : 0;
        if (length > bytes.Length || tail + passed + length - Volatile.Read(ref cursors.Head) > bytes.Length)
        {
            return false;
        }

        if (passed > 0)
        {
            WriteWrapMarker(place, passed);
            place = 0;
        }

        MemoryMarshal.Write(bytes.AsSpan(place), packet);
        data.CopyTo(bytes.AsSpan(place + HeaderLength));
        Volatile.Write(ref cursors.Tail, tail + passed + length);
        return true;
    }

    /// <summary>Consumer: the oldest packet; its bytes are valid until <see cref="Release"/>. False where there is
    /// none.
    /// </summary>
    public bool TryPeek(out KeptPacket packet, out ReadOnlySpan<byte> data)
    {
        packet = default;
        data = default;
        while (cursors.Head < Volatile.Read(ref cursors.Tail))
        {
            var place = (int)(cursors.Head % bytes.Length);
            var rest = bytes.Length - place;
            if (rest >= HeaderLength)
            {
                packet = MemoryMarshal.Read<KeptPacket>(bytes.AsSpan(place));
                if (packet.CapturedLength >= 0)
                {
                    data = bytes.AsSpan(place + HeaderLength, packet.CapturedLength);
                    return true;
                }
            }

            Volatile.Write(ref cursors.Head, cursors.Head + rest); // what was passed over
        }

        return false;
    }

    /// <summary>Consumer: has done with the oldest packet.</summary>
    public void Release(in KeptPacket packet) =>
        Volatile.Write(ref cursors.Head, cursors.Head + HeaderLength + packet.CapturedLength);

    void WriteWrapMarker(int place, int passed)
    {
        if (passed >= HeaderLength)
        {
            MemoryMarshal.Write(bytes.AsSpan(place), new KeptPacket(0, -1, 0, default));
        }
    }

    /// <summary>Holds each side's cursor on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    struct Cursors
    {
        /// <summary>Written by the producer.</summary>
        [FieldOffset(128)]
        public long Tail;

        /// <summary>Written by the consumer.</summary>
        [FieldOffset(256)]
        public long Head;
    }
}
