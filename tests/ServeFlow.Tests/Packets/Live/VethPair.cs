using ServeFlow.Packets.Live;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>A link between two network namespaces: what is sent at its near end arrives at its far end.</summary>
sealed class VethPair : IDisposable
{
    public const string Near = "sfnear";
    public const string Far = "sffar";

    VethPair(NetworkSpace nearSpace, NetworkSpace farSpace) => (NearSpace, FarSpace) = (nearSpace, farSpace);

    public NetworkSpace NearSpace { get; }

    public NetworkSpace FarSpace { get; }

    public long Sent => NearSpace.Sent(Near);

    public static VethPair Create()
    {
        var pair = new VethPair(NetworkSpace.Create(), NetworkSpace.Create());
        pair.AddLink(Near, Far);
        return pair;
    }

    public void AddLink(string near, string far)
    {
        NearSpace.Ip($"link add {near} type veth peer name {far}");
        NearSpace.Move(far, FarSpace);
        NearSpace.Ip($"link set {near} mtu 65535 up");
        FarSpace.Ip($"link set {far} mtu 65535 up");
    }

    /// <summary>Opens the far end.</summary>
    public IReadOnlyList<ILiveSource> Open(LiveOptions? options = null)
    {
        var asked = options ?? new LiveOptions { Interfaces = [Far], RingBytes = 1 << 22 };
        return FarSpace.Run(() => LiveCapture.Open(asked));
    }

    public LinkSender OpenSender(string near = Near) => NearSpace.Run(() => new LinkSender(near));

    public void Dispose()
    {
        NearSpace.Dispose();
        FarSpace.Dispose();
    }
}
