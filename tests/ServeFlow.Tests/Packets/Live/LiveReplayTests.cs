using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Real captures, sent across a link: the link gives what the file does.</summary>
public sealed class LiveReplayTests
{
    /// <summary>ETH_HLEN: the kernel sends nothing shorter. And the longest that the link takes.</summary>
    const int Shortest = 14, Longest = 65_000;

    [Theory]
    [InlineData("iot_device", false)]
    [InlineData("protocol", false)]
    [InlineData("iot_device", true)]
    [InlineData("protocol", true)]
    public void Poll_RealCaptures_GivesWhatTheFileGives(string folder, bool lowLatency)
    {
        const int Most = 20_000;
        var frames = CaptureSet.Find(TestData.Require(folder), stop: TestContext.Current.CancellationToken).Captures
            .Where(capture => new FileInfo(capture.Path).Length < 8 << 20)
            .SelectMany(capture => ReadCapture.From(CaptureFile.Open(capture.Path)).Packets)
            .Where(packet =>
                packet.LinkType == (int)LinkType.Ethernet && packet.Bytes.Length is >= Shortest and <= Longest)
            .Select(packet => packet.Bytes).Take(Most).ToArray();
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();

        sender.Send(frames);
        var packets = source.Read(frames.Length);

        Assert.NotEmpty(frames);
        Assert.Equal(frames.Length, packets.Count);
        Assert.All(frames.Zip(packets), pair => Assert.Equal(pair.First, pair.Second.Bytes));
        Assert.True(packets.Zip(packets.Skip(1)).All(two => two.First.TimestampNs <= two.Second.TimestampNs));
    }
}
