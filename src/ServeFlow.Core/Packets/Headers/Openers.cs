using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Network;

namespace ServeFlow.Packets.Headers;

/// <summary>Finds the opener of a header: the table's rows, indexed by what they are found by. Immutable.</summary>
static class Openers
{
    /// <summary>Link types have numbers below 300 so far.</summary>
    const int LinkTypes = 512;

    const int Ports = ushort.MaxValue + 1;
    const int PortsPerWord = 64;

    static readonly Opener?[] linkTypes = Index(OpenerKey.LinkType, LinkTypes);
    static readonly Opener?[] protocols = Index(OpenerKey.Protocol, byte.MaxValue + 1);
    static readonly Dictionary<int, Opener> etherTypes = Collect(OpenerKey.EtherType);
    static readonly Dictionary<int, Opener> destinations = Collect(OpenerKey.UdpPort, OpenerKey.UdpEitherPort);
    static readonly Dictionary<int, Opener> sources = Collect(OpenerKey.UdpEitherPort);

    // A bit for each port: nearly all packets of UDP are answered by two of them.
    static readonly ulong[] destinationBits = Bits(destinations.Keys);
    static readonly ulong[] sourceBits = Bits(sources.Keys);

    /// <summary>Cheap and mostly false: whether the headers are those of a possible tunnel.</summary>
    public static bool MayBeTunnel(in PacketHeaders headers) => headers.Protocol switch
    {
        TcpHeader.Protocol => false,
        UdpHeader.Protocol => Has(destinationBits, headers.DestinationPort) || Has(sourceBits, headers.SourcePort),
        _ => protocols[headers.Protocol] is not null,
    };

    /// <summary>Finds the opener of the header that a carrier leads to; null where it leads to nothing known.</summary>
    public static Opener? Find(in Carrier carrier) => carrier.EtherType == EtherType.Frame
        ? (uint)carrier.Frame < (uint)linkTypes.Length ? linkTypes[(int)carrier.Frame] : null
        : etherTypes.GetValueOrDefault((int)carrier.EtherType);

    /// <summary>
    /// Finds the opener of what an IP packet carries, by the port that it was sent to before the one that it came from;
    /// null where it may be no tunnel.
    /// </summary>
    /// <param name="port">The UDP port that the opener was found by; 0 where it is the protocol's.</param>
    public static Opener? Find(in PacketHeaders headers, out ushort port)
    {
        port = 0;
        if (headers.Protocol != UdpHeader.Protocol)
        {
            return protocols[headers.Protocol];
        }

        port = headers.DestinationPort;
        if (destinations.TryGetValue(port, out var opener))
        {
            return opener;
        }

        port = headers.SourcePort;
        return sources.GetValueOrDefault(port);
    }

    static bool Has(ulong[] bits, ushort port) => (bits[port / PortsPerWord] >> (port % PortsPerWord) & 1) != 0;

    static IEnumerable<Opener> Rows(OpenerKey key) => OpenerTable.Rows.Where(row => row.Key == key);

    static Opener?[] Index(OpenerKey key, int length)
    {
        var index = new Opener?[length];
        foreach (var row in Rows(key))
        {
            index[row.Number] = row;
        }

        return index;
    }

    static Dictionary<int, Opener> Collect(params OpenerKey[] keys) =>
        keys.SelectMany(Rows).ToDictionary(row => row.Number);

    static ulong[] Bits(IEnumerable<int> ports)
    {
        var bits = new ulong[Ports / PortsPerWord];
        foreach (var port in ports)
        {
            bits[port / PortsPerWord] |= 1UL << (port % PortsPerWord);
        }

        return bits;
    }
}
