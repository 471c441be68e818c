using System.IO.Compression;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Golden;

/// <summary>What the nPrint 1.2.1 program prints with <c>-4 -6 -t -u -i</c>, byte for byte.</summary>
public sealed class NPrintGoldenTests
{
    [Fact]
    public void Write_EveryGoldenCapture_IsThePrograms()
    {
        var index = TestData.Require("golden_nprint/index.csv");
        var captures = File.ReadLines(index).Skip(1).Select(line => line.Split(',')).ToList();

        Assert.NotEmpty(captures);
        Assert.All(captures, golden => Assert.Equal(
            Golden(TestData.Require($"golden_nprint/{golden[0]}")), Print(TestData.Require(golden[1]))));
    }

    static byte[] Golden(string path)
    {
        using var zipped = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var text = new MemoryStream();
        zipped.CopyTo(text);
        return text.ToArray();
    }

    static byte[] Print(string capturePath)
    {
        using var text = new MemoryStream();
        using var capture = CaptureFile.Open(capturePath);
        var writer = new NPrintWriter(text, FeatureSchema.Parse("nprint:ip4,ip6,tcp,udp,icmp", "none"));
        writer.WriteHeader();
        var burst = new PacketBurst();
        while (capture.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                writer.Write(packet);
            }
        }

        return text.ToArray();
    }
}
