using ServeFlow.Packets.Live;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>A link between two network namespaces: what is sent at its near end arrives at its far end.</summary>
sealed class VethPair : IDisposable
{
    public const string Near = "sfnear";
    public const string Far = "sffar";

    VethPair(NetworkNamespace nearSpace, NetworkNamespace farSpace) =>
        (NearNamespace, FarNamespace) = (nearSpace, farSpace);

    public NetworkNamespace NearNamespace { get; }

    public NetworkNamespace FarNamespace { get; }

    public long Sent => NearNamespace.Sent(Near);

    public static VethPair Create()
    {
        var pair = new VethPair(NetworkNamespace.Create(), NetworkNamespace.Create());
        pair.AddLink(Near, Far);
        return pair;
    }

    public void AddLink(string near, string far)
    {
        NearNamespace.Ip($"link add {near} type veth peer name {far}");
        NearNamespace.Move(far, FarNamespace);
        NearNamespace.Ip($"link set {near} mtu 65535 up");
        FarNamespace.Ip($"link set {far} mtu 65535 up");
    }

    /// <summary>Opens the far end.</summary>
    public IReadOnlyList<ILiveSource> Open(LiveOptions options) =>
        FarNamespace.Run(() => LiveCapture.Open(options));

    /// <summary>Opens the far end for one worker, with a ring that holds what a test sends.</summary>
    public IReadOnlyList<ILiveSource> OpenRing(bool lowLatency = false) =>
        Open(new() { Interfaces = [Far], RingBytes = 1 << 23, LowLatency = lowLatency });

    public LinkSender OpenSender(string near = Near) => NearNamespace.Run(() => new LinkSender(near));

    public void Dispose()
    {
        NearNamespace.Dispose();
        FarNamespace.Dispose();
    }
}
