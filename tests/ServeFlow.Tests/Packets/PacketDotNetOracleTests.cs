using System.Net;
using PacketDotNet;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using Xunit;
using Slot = ServeFlow.Packets.PacketSlot;

namespace ServeFlow.Tests.Packets;

/// <summary>
/// The five-tuple of real packets against PacketDotNet's, where both read an untunnelled TCP or UDP packet that is no
/// fragment: PacketDotNet opens other tunnels, and reads ports out of fragments.
/// </summary>
public sealed class PacketDotNetOracleTests
{
    [Theory]
    [InlineData("protocol", 20_000)]
    [InlineData("iot_device", 80_000)]
    public void Decode_RealPackets_GivesPacketDotNetsTuple(string task, int atLeast)
    {
        var compared = 0;
        var burst = new PacketBurst();
        var ignored = new Tally<IgnoreReason>();
        foreach (var path in CaptureSet.Find(TestData.Require(task),
            stop: TestContext.Current.CancellationToken).Captures)
        {
            using var capture = CaptureFile.Open(path.Path);
            while (capture.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    compared += Compare(packet, ignored, path.Name);
                }
            }
        }

        Assert.InRange(compared, atLeast, int.MaxValue);
    }

    static int Compare(in Slot packet, Tally<IgnoreReason> ignored, string capture)
    {
        if (!PacketDecoder.TryDecode(packet, out var ours, ignored) || ours.TunnelDepth > 0 || ours.IsLaterFragment ||
            ours.Protocol is not (6 or 17) || Oracle(packet) is not { } theirs)
        {
            return 0;
        }

        var tuple = $"{ours.Source}:{ours.SourcePort}>{ours.Destination}:{ours.DestinationPort}/{ours.Protocol}";
        Assert.True(theirs == tuple, $"{capture} packet {packet.Number}: {tuple}, PacketDotNet: {theirs}");
        return 1;
    }

    /// <summary>Null where PacketDotNet throws, or finds no TCP or UDP.</summary>
    static string? Oracle(in Slot packet)
    {
        try
        {
            var parsed = Packet.ParsePacket((LinkLayers)packet.LinkType, packet.Bytes.ToArray());
            var ip = parsed.Extract<IPPacket>();
            return (parsed.Extract<TcpPacket>() ?? (TransportPacket?)parsed.Extract<UdpPacket>()) is { } transport
                ? $"{Text(ip.SourceAddress)}:{transport.SourcePort}>{Text(ip.DestinationAddress)}:" +
                  $"{transport.DestinationPort}/{(transport is TcpPacket ? 6 : 17)}"
                : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>
    /// One capture holds IPv6 packets of IPv4-mapped addresses, which <see cref="IpAddress"/> writes as IPv4.
    /// </summary>
    static string Text(IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
