using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using ServeFlow.Tests.Packets;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Fuzz;

/// <summary>
/// Whatever a capture file holds, reading it ends, gives packets that can be decoded, or says in one line why not.
/// </summary>
public sealed class CaptureFuzzTests
{
    const long Time = 1_700_000_000_000_000_000;

    static readonly byte[][] Pcap =
    [
        .. from bigEndian in new[] { false, true }
           from nanoseconds in new[] { false, true }
           from modified in new[] { false, true }
           select FrameSeeds.All.Aggregate(new CaptureBuilder(1, bigEndian, nanoseconds, modified && !nanoseconds),
               (capture, frame) => capture.Add(Time, frame)).ToArray(),
    ];

    static readonly byte[][] Pcapng = [Blocks(false), Blocks(true)];

    static byte[] Blocks(bool bigEndian)
    {
        var capture = new PcapngBuilder().Section(bigEndian).Interface().Interface(101, 9, 3600);
        foreach (var frame in FrameSeeds.All)
        {
            capture.Enhanced(0, Time / 1000, frame).Old(0, Time / 1000, frame).Simple(frame, frame.Length)
                .Block(4, w => w.U32(0));
        }

        return capture.Section(!bigEndian).Interface().Enhanced(0, 1, FrameSeeds.All[0]).ToArray();
    }

    static void Target(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var capture = CaptureFile.Open(new MemoryStream(bytes.ToArray()), "fuzz", 1 << 10);
            Drain(capture);
            Assert.InRange(capture.Bytes, 0, bytes.Length);
            Assert.Equal(capture.DamageCounts.Total > 0, capture.DescribeDamage() is not null);
        }
        catch (InputException error)
        {
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    static void Drain(CaptureFile capture)
    {
        var burst = new PacketBurst();
        var ignored = new Tally<IgnoreReason>();
        long decoded = 0;
        while (capture.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Assert.InRange(packet.OriginalLength, packet.CapturedLength, int.MaxValue);
                decoded += PacketDecoder.TryDecode(packet, out _, ignored) ? 1 : 0;
            }
        }

        Assert.Equal(capture.Packets, decoded + ignored.Total);
        Assert.False(capture.Poll(burst));
    }

    [Fact]
    public void Read_MutatedPcap_EndsWithAnAccount() =>
        Mutations.From(Pcap).Sample(bytes => Target(bytes), iter: 1_000);

    [Fact]
    public void Read_MutatedPcapng_EndsWithAnAccount() =>
        Mutations.From(Pcapng).Sample(bytes => Target(bytes), iter: 1_000);

    [Fact]
    public void Read_RandomBytesBehindAMagic_EndsWithAnAccount() =>
        Gen.Select(Gen.Int[0, 3], Gen.Byte.Array[0, 3000]).Sample((magic, bytes) =>
        {
            byte[] start = magic switch
            {
                0 => [0xd4, 0xc3, 0xb2, 0xa1],
                1 => [0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a],
                2 => [0x1f, 0x8b, 8],
                _ => [0x28, 0xb5, 0x2f, 0xfd],
            };
            Target([.. start, .. bytes]);
        }, iter: 1_000);
}
