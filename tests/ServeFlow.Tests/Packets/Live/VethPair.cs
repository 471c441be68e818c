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
        pair.NearSpace.Ip($"link add {Near} type veth peer name {Far}");
        pair.NearSpace.Move(Far, pair.FarSpace);
        pair.NearSpace.Ip($"link set {Near} mtu 9000 up");
        pair.FarSpace.Ip($"link set {Far} mtu 9000 up");
        return pair;
    }

    /// <summary>Opens the far end.</summary>
    public IReadOnlyList<ILiveSource> Open(LiveOptions? options = null)
    {
        var asked = options ?? new LiveOptions { Interfaces = [Far], RingBytes = 1 << 22 };
        return FarSpace.Run(() => LiveCapture.Open(asked));
    }

    public LinkSender OpenSender() => NearSpace.Run(() => new LinkSender(Near));

    public void Dispose()
    {
        NearSpace.Dispose();
        FarSpace.Dispose();
    }
}
