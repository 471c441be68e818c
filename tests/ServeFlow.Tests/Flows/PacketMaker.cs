using ServeFlow.Packets;

namespace ServeFlow.Tests.Flows;

/// <summary>Decoded packets without bytes: what the flow table reads, and nothing else.</summary>
static class PacketMaker
{
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const long Second = 1_000_000_000;

    public const byte Fin = 1;
    public const byte Syn = 2;
    public const byte Rst = 4;
    public const byte Psh = 8;
    public const byte Ack = 16;

    public static unsafe PacketSlot At(long timestampNs, int length = 60) =>
        new(null, 0, length, timestampNs, LinkType.Ethernet, 0, 1);

    public static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));

    public static PacketHeaders Headers(byte protocol, string source, int sourcePort, string destination,
        int destinationPort, byte flags = 0, int payload = 0) => new()
        {
            Protocol = protocol,
            IpVersion = (byte)(source.Contains(':', StringComparison.Ordinal) ? 6 : 4),
            Source = Address(source),
            Destination = Address(destination),
            SourcePort = (ushort)sourcePort,
            DestinationPort = (ushort)destinationPort,
            TcpFlags = flags,
            PayloadLength = payload,
            IpLength = payload + 40,
            NetworkLength = 20,
            TransportOffset = 34,
            TransportLength = protocol == Tcp ? 20 : 8,
        };

    /// <summary>Client 10.0.0.1:1000 to server 10.0.0.2:80, over TCP.</summary>
    public static PacketHeaders Client(byte flags, int payload = 0) =>
        Headers(Tcp, "10.0.0.1", 1000, "10.0.0.2", 80, flags, payload);

    /// <summary>The server's packets to <see cref="Client"/>.</summary>
    public static PacketHeaders Server(byte flags, int payload = 0) =>
        Headers(Tcp, "10.0.0.2", 80, "10.0.0.1", 1000, flags, payload);

    public static PacketHeaders Datagram(int sourcePort, int destinationPort = 53) =>
        Headers(Udp, "10.0.0.1", sourcePort, "10.0.0.2", destinationPort, payload: 20);
}
