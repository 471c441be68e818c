using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers;

/// <summary>Says which number of a packet an opener is found by.</summary>
enum OpenerKey
{
    /// <summary>The link type of the capture, or of a frame inside a packet.</summary>
    LinkType,

    /// <summary>The EtherType before the header.</summary>
    EtherType,

    /// <summary>The protocol number in the IP header.</summary>
    Protocol,

    /// <summary>The UDP port that a tunnel's packets are sent to.</summary>
    UdpPort,

    /// <summary>The UDP port of one end of a tunnel, so that answers come from it.</summary>
    UdpEitherPort,
}

/// <summary>Holds a row of the table of openers: a kind of header, and the method that reads it.</summary>
/// <param name="Number">Link type, EtherType, protocol number or port.</param>
/// <param name="Name">The name that docs/formats/captures.md lists it by.</param>
/// <param name="Kind">The kind of tunnel that it opens, or <see cref="TunnelKind.None"/> for a tag or a link.</param>
/// <param name="IsExpected">Whether what stays shut is counted; not where most packets carry nothing.</param>
/// <param name="MayBeCut">Whether the packet inside may be cut, because it was captured before it was sent on.</param>
sealed record Opener(OpenerKey Key, int Number, string Name, HeaderReader Read, TunnelKind Kind = TunnelKind.None,
    bool IsExpected = true, bool MayBeCut = false)
{
    public Opener(LinkType linkType, string name, HeaderReader read)
        : this(OpenerKey.LinkType, (int)linkType, name, read)
    {
    }

    public Opener(EtherType type, string name, HeaderReader read, TunnelKind kind = TunnelKind.None)
        : this(OpenerKey.EtherType, (int)type, name, read, kind)
    {
    }
}
