using System.Text;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Captures;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Captures;

public sealed class CaptureSweepTests : IDisposable
{
    const long Second = 1_000_000_000;

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-sweep-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_SeveralWorkers_GiveTheBytesOfOne()
    {
        for (var i = 0; i < 9; i++)
        {
            Write($"{i}.pcap", Capture(100 - i, flows: 30 + i));
        }

        var (one, _, account) = Sweep(1);
        var (four, _, _) = Sweep(4);

        Assert.Equal(one, four);
        Assert.Equal(Enumerable.Range(30, 9).Sum(), account.Created);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Run_MoreWorkersThanCaptures_GiveTheRecordsOfOne()
    {
        Write("a.pcap", Capture(100, flows: 3000));
        Write("b.pcap", Capture(200, flows: 50)[..^10]);

        var (one, outcomes, alone) = Sweep(1);
        var (three, shared, together) = Sweep(3);

        Assert.NotEqual(one, three);
        Assert.Equal(Lines(one).Order(StringComparer.Ordinal), Lines(three).Order(StringComparer.Ordinal));
        Assert.Equal(outcomes, shared);
        Assert.Equal((alone.Received, alone.Created), (together.Received, together.Created));
    }

    [Fact]
    public void Run_Directory_GoesByTimeAndNamesTheCapture()
    {
        Write("a.pcap", Capture(200, flows: 1));
        Write("b.pcap", Capture(100, flows: 1));

        var (text, _, _) = Sweep(1);

        Assert.Equal(["b.pcap", "b.pcap", "a.pcap", "a.pcap"], Lines(text).Select(line =>
            line.Split("\"pcap_filename\":\"")[1].Split('"')[0]));
    }

    [Fact]
    public void Run_FlowInTwoCaptures_EndsWithTheFirst()
    {
        Write("a.pcap", Capture(100, flows: 1));
        Write("b.pcap", Capture(101, flows: 1));

        var (text, _, account) = Sweep(1);

        Assert.Equal(2, account.Created);
        Assert.Equal(2,
            Lines(text).Count(line => line.Contains("\"reason\":\"forced_end\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void RunJoined_FlowInTwoCaptures_GoesOn()
    {
        Write("a.pcap", Capture(100, flows: 1));
        Write("b.pcap", Capture(101, flows: 1));

        var (text, _, account) = Sweep(1, join: true);

        Assert.Equal(1, account.Created);
        Assert.Contains("\"pkts_toserver\":2", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_DamagedCapture_GivesWhatIsBeforeTheDamageAndAComplaint()
    {
        var whole = Capture(100, flows: 5);
        Write("cut.pcap", whole[..^10]);
        Write("whole.pcap", Capture(200, flows: 1));

        var (_, outcomes, account) = Sweep(1);

        Assert.Equal(5, account.Created);
        Assert.Contains("byte", outcomes[0].Problem, StringComparison.Ordinal);
        Assert.True(outcomes[0].IsReadable);
        Assert.Null(outcomes[1].Problem);
    }

    [Fact]
    public void Run_OneFileThatIsNoCapture_IsUnreadable()
    {
        Write("text.pcap", "no capture at all, but some text"u8.ToArray());

        var set = CaptureSet.Find(Path.Combine(folder, "text.pcap"), stop: TestContext.Current.CancellationToken);
        using var sink = new NullSink();
        var outcome = Assert.Single(new CaptureSweep(TinyCascade.Plan(1), new(), sink)
            .Run(set, 1, TestContext.Current.CancellationToken));

        Assert.False(outcome.IsReadable);
        Assert.Contains("text.pcap", outcome.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Stopped_EndsWithWhatWasRead()
    {
        Write("a.pcap", Capture(100, flows: 1));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var sink = new NullSink();

        Assert.Empty(new CaptureSweep(TinyCascade.Plan(1), new(), sink).Run(CaptureSet.Find(folder,
            stop: TestContext.Current.CancellationToken), 2, stop.Token));
    }

    /// <summary>If all workers fail for the same reason, the caller gets the exception of one of them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_EveryWorkerOfACaptureFails_ThrowsTheFailureOfOne(int workers)
    {
        Write("a.pcap", Capture(100, flows: 300));
        using var sink = new RefusingSink();

        var thrown = Assert.Throws<InputException>(() => new CaptureSweep(TinyCascade.Plan(1), new(), sink)
            .Run(CaptureSet.Find(folder, stop: TestContext.Current.CancellationToken), workers,
                TestContext.Current.CancellationToken).ToList());

        Assert.Equal("no room for records", thrown.Message);
    }

    static byte[] Capture(int second, int flows)
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < flows; i++)
        {
            var udp = Frame.Udp(1000 + i, 53, new byte[4 + (i % 4)]);
            capture.Add((second * Second) + i * 1000,
                Frame.Ethernet(Frame.Ip4, Frame.Ipv4($"10.0.0.{1 + (i % 200)}", "10.0.1.2", 17, udp)));
        }

        return capture.ToArray();
    }

    static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(folder, name), bytes);

    (string Text, List<CaptureOutcome> Outcomes, Account Account) Sweep(int workers, bool join = false)
    {
        var plan = TinyCascade.Plan(1, 3);
        using var stream = new MemoryStream();
        using var sink = new EveSink(stream, plan, new());
        var sweep = new CaptureSweep(plan, new(), sink);
        var set = CaptureSet.Find(folder);
        var stop = TestContext.Current.CancellationToken;
        var outcomes = (join ? sweep.RunJoined(set, stop) : sweep.Run(set, workers, stop)).ToList();
        sink.Flush();
        return (Encoding.UTF8.GetString(stream.ToArray()), outcomes, sweep.Account);
    }

    sealed class RefusingSink : IRecordSink
    {
        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record) => throw new InputException("no room for records");

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
