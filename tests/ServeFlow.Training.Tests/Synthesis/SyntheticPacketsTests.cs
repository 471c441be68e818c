using System.Buffers.Binary;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Synthesis;

public sealed class SyntheticPacketsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_EveryPacket_DecodesWithRightChecksumsInTimeOrder()
    {
        var options =
            new SynthesisOptions { Directory = Path.Combine(folder, "a"), Flows = 900, Captures = 3, Classes = 14 };
        var result = SyntheticSet.Write(options, null, TestContext.Current.CancellationToken);
        var ignored = new Tally<IgnoreReason>();
        var (packets, versions, protocols) = (0L, new HashSet<int>(), new HashSet<int>());
        foreach (var path in CaptureSet.Find(options.Directory,
            stop: TestContext.Current.CancellationToken).Captures)
        {
            using var capture = CaptureFile.Open(path.Path);
            var burst = new PacketBurst();
            var last = 0L;
            while (capture.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    Assert.True(PacketDecoder.TryDecode(packet, out var headers, ignored));
                    Assert.True(packet.TimestampNs >= last);
                    Assert.Equal(0xffff, IpSum(packet.Bytes, headers));
                    Assert.Equal(0xffff, TransportSum(packet.Bytes, headers));
                    Assert.Equal(packet.OriginalLength, headers.NetworkOffset + headers.IpLength);
                    last = packet.TimestampNs;
                    packets++;
                    versions.Add(headers.IpVersion);
                    protocols.Add(headers.Protocol);
                }
            }
        }

        Assert.Equal(result.Packets, packets);
        Assert.Equal(0, ignored.Total);
        Assert.Equal([4, 6], versions.Order());
        Assert.Equal([6, 17], protocols.Order());
    }

    [Fact]
    public void Write_TcpFlow_AcknowledgesWhatWasSent()
    {
        var script = new Script(40);
        var client = Host(1, 0xffff_fff0);
        var server = Host(2, 77);
        TlsScript.Write(script, ServiceCatalog.All[0].Exchange, client, server, 20, 1448, new SeededRandom(3));
        var flow = new Conversation
        {
            Kind = FlowKind.Tls,
            Client = client,
            Server = server,
            Steps = script.Steps,
            StartMicroseconds = 0,
        };
        var frames = new FrameWriter(new(1));
        uint[] next = [0xffff_fff0, 77];
        foreach (var step in flow.Steps)
        {
            frames.Write(flow, step);
            var tcp = frames.Captured[34..];
            var side = step.Backward ? 1 : 0;

            Assert.Equal(next[side], BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]));
            Assert.Equal(step.Flags.HasFlag(TcpFlag.Ack) ? next[1 - side] : 0,
                BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]));
            next[side] += step.Payload + (uint)((step.Flags & (TcpFlag.Syn | TcpFlag.Fin)) != 0 ? 1 : 0);
        }

        Assert.True(flow.Steps.Count > 10);
    }

    static Party Host(byte number, uint sequence) =>
        CaptureFolder.Host(number, 1000, windowScale: 7, sequence: sequence);

    static int IpSum(ReadOnlySpan<byte> bytes, in PacketHeaders headers) =>
        headers.IpVersion == 4 ? Fold(Sum(bytes.Slice(headers.NetworkOffset, headers.NetworkLength))) : 0xffff;

    /// <summary>What was cut off is zero by design, so the captured bytes suffice.</summary>
    static int TransportSum(ReadOnlySpan<byte> bytes, in PacketHeaders headers)
    {
        var ip = bytes[headers.NetworkOffset..];
        var addresses = headers.IpVersion == 4 ? ip.Slice(12, 8) : ip.Slice(8, 32);
        var length = headers.IpLength - (headers.TransportOffset - headers.NetworkOffset);
        return Fold(Sum(addresses) + headers.Protocol + length + Sum(bytes[headers.TransportOffset..]));
    }

    static long Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0L;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
        }

        return sum;
    }

    static int Fold(long sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (int)sum;
    }
}
