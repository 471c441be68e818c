using System.Runtime.CompilerServices;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using Xunit;

namespace ServeFlow.Tests.Serving;

/// <summary>Packets from memory, in bursts as large as the test wants, any number of times over.</summary>
sealed class MemorySource(int burstSize = PacketBurst.Capacity) : IPacketSource
{
    public const long Start = 1_520_303_422_105_025_000;
    public const long Millisecond = 1_000_000;

    const string Client = "10.0.0.1";
    const string Server = "10.0.0.2";

    readonly List<(byte[] Bytes, long TimestampNs)> packets = [];
    long shiftNs;
    int next;

    /// <summary>What the packets say they came in by.</summary>
    public int Interface { get; init; }

    public int Count => packets.Count;

    public MemorySource Add(double milliseconds, byte[] frame)
    {
        // Pinned: slots hold plain pointers.
        var bytes = GC.AllocateUninitializedArray<byte>(frame.Length, pinned: true);
        frame.CopyTo(bytes, 0);
        packets.Add((bytes, Start + (long)(milliseconds * Millisecond)));
        return this;
    }

    /// <summary>A UDP packet of <paramref name="client"/>:<paramref name="port"/> to 10.0.0.2:53, or the other
    /// way.</summary>
    public MemorySource Udp(double milliseconds, int port, int payload, bool forward = true, string client = Client)
    {
        var udp = forward ? Frame.Udp(port, 53, new byte[payload]) : Frame.Udp(53, port, new byte[payload]);
        var (source, destination) = forward ? (client, Server) : (Server, client);
        return Add(milliseconds, Frame.Ethernet(Frame.Ip4, Frame.Ipv4(source, destination, 17, udp)));
    }

    /// <summary>A TCP packet of <paramref name="client"/>:<paramref name="port"/> to 10.0.0.2:80, or the other
    /// way.</summary>
    public MemorySource Tcp(double milliseconds, int port, byte flags, bool forward = true, string client = Client)
    {
        var tcp = forward ? Frame.Tcp(port, 80, flags) : Frame.Tcp(80, port, flags);
        var (source, destination) = forward ? (client, Server) : (Server, client);
        return Add(milliseconds, Frame.Ethernet(Frame.Ip4, Frame.Ipv4(source, destination, 6, tcp)));
    }

    /// <summary>Time passes, and nothing else.</summary>
    public MemorySource Tick(double milliseconds)
    {
        packets.Add(([], Start + (long)(milliseconds * Millisecond)));
        return this;
    }

    /// <summary>Begins again, everything <paramref name="milliseconds"/> later.</summary>
    public void Repeat(double milliseconds)
    {
        next = 0;
        shiftNs += (long)(milliseconds * Millisecond);
    }

    public unsafe bool Poll(PacketBurst burst)
    {
        burst.Clear();
        while (next < packets.Count && burst.Count < burstSize)
        {
            var (bytes, timestampNs) = packets[next++];
            burst.Add(bytes.Length == 0
                ? PacketSlot.Tick(timestampNs + shiftNs)
                : new((byte*)Unsafe.AsPointer(ref bytes[0]), bytes.Length, bytes.Length, timestampNs + shiftNs,
                    LinkType.Ethernet, Interface, next));
        }

        return burst.Count > 0;
    }

    /// <summary>The headers of a source's packets, as those of one flow in one direction.</summary>
    public static HeaderRecord[] Opening(MemorySource source)
    {
        var burst = new PacketBurst();
        var records = new List<HeaderRecord>();
        while (source.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Assert.True(PacketDecoder.TryDecode(packet, out var headers, out _));
                HeaderRecorder.Record(packet, headers, true, packet.TimestampNs, packet.TimestampNs, out var record);
                records.Add(record);
            }
        }

        return [.. records];
    }

    public void Dispose()
    {
    }
}
