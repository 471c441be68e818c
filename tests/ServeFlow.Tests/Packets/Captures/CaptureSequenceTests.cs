using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Units;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class CaptureSequenceTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-sequence").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Poll_TwoCaptures_HandsOverAnEmptyBurstBetweenThem()
    {
        using var source = new CaptureSequence([Write("a", 3), Write("b", 2)]);
        var named = new List<string>();
        source.OnCapture(named.Add);

        Assert.Equal([3, 0, 2], Bursts(source));
        Assert.Equal(["a", "b"], named);
        Assert.Equal([("a", 3), ("b", 2)], source.Outcomes.Select(outcome => (outcome.Name, outcome.Packets)));
    }

    [Fact]
    public void Poll_NoCaptureAmongThem_IsPassedOverAndSaysWhy()
    {
        using var source = new CaptureSequence([Write("a", 1), WriteText("text"), Write("b", 1)]);

        Assert.Equal(2, Bursts(source).Sum());
        Assert.Equal([true, false, true], source.Outcomes.Select(outcome => outcome.IsOpened));
        Assert.Contains("not a capture", source.Outcomes[1].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Latest_BeforeDuringAndAfter_IsAsFarAsItWasRead()
    {
        using var source = new CaptureSequence([Write("a", 1)]);
        var burst = new PacketBurst();

        Assert.Equal(new CaptureOutcome("a", null, IsReadable: true), source.Latest);
        Assert.True(source.Poll(burst));
        Assert.Equal((1, 0), (source.Latest.Packets, source.Outcomes.Count));
        Assert.False(source.Poll(burst));
        Assert.Equal(source.Outcomes[0], source.Latest);
    }

    [Fact]
    public void Poll_Metered_ReachesTheWhole()
    {
        CapturePath[] captures = [Write("a", 2), Write("b", 2)];
        var shares = new Shares();
        using var source = new CaptureSequence(captures, new(captures, shares));

        Assert.Equal(4, Bursts(source).Sum());
        Assert.Equal(shares.Reported.Order(), shares.Reported);
        Assert.Equal(1, shares.Reported[^1]);
    }

    /// <summary>Such a packet once was never taken: every verb that reads captures went round for ever.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Poll_PacketAtTheEndOfTime_IsHandedOver(int captures)
    {
        var bytes = new PcapngBuilder().Section().Interface(offsetSeconds: long.MaxValue)
            .Enhanced(0, 1, Frame.Simple()).ToArray();
        using var source = new CaptureSequence([.. Enumerable.Range(0, captures).Select(i => Write($"{i}", bytes))]);

        Assert.Equal(captures, Bursts(source).Sum());
    }

    [Fact]
    public void Read_NoCapture_ThrowsWhatIsWrong()
    {
        var collector = new UnitCollector(new(1, TimeSpan.FromSeconds(1), default), new(), new Units.ReceivedUnits());

        var error = Assert.Throws<InputException>(
            () => collector.Read(WriteText("text"), meter: null, TestContext.Current.CancellationToken));
        Assert.Contains("not a capture", error.Message, StringComparison.Ordinal);
    }

    static List<int> Bursts(CaptureSequence source)
    {
        var (burst, counts) = (new PacketBurst(), new List<int>());
        while (source.Poll(burst))
        {
            counts.Add(burst.Count);
        }

        return counts;
    }

    CapturePath Write(string name, int packets)
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < packets; i++)
        {
            capture.Add(i, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(1000, 53, []))));
        }

        return Write(name, capture.ToArray());
    }

    CapturePath WriteText(string name) => Write(name, "no capture at all, but some text"u8.ToArray());

    CapturePath Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return new(path, name, 0);
    }

    sealed class Shares : IProgress<double>
    {
        public List<double> Reported { get; } = [];

        public void Report(double value) => Reported.Add(value);
    }
}
