using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>Captures of chosen flows, from packets in memory to pcap files on disk.</summary>
public sealed class FlowDumpTests : IDisposable
{
    const int Flows = 50;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    static readonly CascadePlan Plan = TinyCascade.Plan(["even", "odd"], 1, 3);

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-dump-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_ChosenLabel_KeepsAllPacketsOfItsFlowsInOrder()
    {
        var statistics = Run(Options("label=odd"), Traffic());

        var packets = Read();
        Assert.Equal(Flows / 2 * 4, packets.Count);
        Assert.Equal((packets.Count, 0, 0, 0),
            (statistics.Written, statistics.Missed, statistics.Lost, statistics.Failed));
        Assert.All(packets.GroupBy(packet => packet.Port), flow =>
        {
            Assert.Equal(1, flow.Key % 2);
            Assert.Equal(flow.Order(Comparer<(int Port, long Ns)>.Create((a, b) => a.Ns.CompareTo(b.Ns))), flow);
        });
    }

    [Theory]
    [InlineData("tier=tier1", Flows / 2)]
    [InlineData("tier=tier0,label=odd", 0)]
    [InlineData("confidence>=0.9,label!=odd", Flows / 2)]
    [InlineData("reason=confident", Flows / 2)]
    public void Run_Conditions_ChooseTheirFlows(string conditions, int flows)
    {
        Run(Options(conditions), Traffic());

        Assert.Equal(flows, Read().DistinctBy(packet => packet.Port).Count());
    }

    [Fact]
    public void Run_LittleMemory_SaysHowManyPacketsWereGone()
    {
        var statistics = Run(Options("label=odd") with { KeepBytes = 1000 }, Traffic());

        Assert.True(statistics.Missed > 0);
        Assert.Equal(Flows / 2 * 4, statistics.Written + statistics.Missed);
        Assert.Equal(statistics.Written, Read().Count);
    }

    [Fact]
    public void Run_LittleQueue_SaysHowManyPacketsWereLost()
    {
        var statistics = Run(Options("label=odd") with { QueueBytes = 100 }, Traffic());

        Assert.True(statistics.Lost > 0);
        Assert.Equal(Flows / 2 * 4, statistics.Written + statistics.Lost);
    }

    [Fact]
    public void Run_SmallFiles_RotateAndKeepTheNewest()
    {
        var options = Options("label=odd");
        Run(options with { Files = options.Files with { FileBytes = 1000, Files = 3 } }, Traffic());

        var files = Directory.GetFiles(folder);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 25, 2000));
    }

    [Fact]
    public void Run_Capture_OpensInTshark()
    {
        Run(Options("label=odd"), Traffic());
        Assert.SkipUnless(File.Exists("/usr/bin/tshark"), "no tshark here");

        using var tshark = Process.Start(
            new ProcessStartInfo("/usr/bin/tshark", ["-r", Directory.GetFiles(folder)[0], "-T",
            "fields", "-e", "udp.srcport"])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var lines = tshark.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(Flows / 2 * 4, lines.Length);
    }

    [Fact]
    public void Run_DiskIsFull_CountsAndTakesEveryPacket()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        var files = new PcapDumpOptions { Directory = Path.Combine(folder, "none") };
        File.WriteAllText(files.Directory, "a file where a directory should be");

        var statistics = Run(Options("label=odd") with { Files = files }, Traffic());

        Assert.Equal((0, Flows / 2 * 4), (statistics.Written, statistics.Failed));
    }

    [Theory]
    [InlineData("label=none")]
    [InlineData("label<odd")]
    [InlineData("colour=red")]
    [InlineData("confidence<much")]
    [InlineData("label")]
    [InlineData("")]
    public void Parse_WithoutSense_IsOneLine(string text) =>
        Assert.DoesNotContain('\n', Assert.Throws<InputException>(() => AnswerFilter.Parse(text, Plan)).Message);

    [Fact]
    public void Parse_LabelWithAComma_MayBeQuoted()
    {
        var filter = AnswerFilter.Parse("label=\"a, b\",confidence<1", TinyCascade.Plan(["a, b", "c"], 1));
        var answer = default(Classification);

        Assert.True(filter.Matches(answer));
        answer.TopLabels[0] = 1;
        Assert.False(filter.Matches(answer));
    }

    [Theory]
    [InlineData("<", true, false, false)]
    [InlineData("<=", true, true, false)]
    [InlineData(">", false, false, true)]
    [InlineData(">=", false, true, true)]
    [InlineData("=", false, true, false)]
    [InlineData("!=", true, false, true)]
    public void Matches_ConfidenceBelowAtAndAboveTheBound_FollowsTheSign(string sign, params bool[] expected)
    {
        var filter = AnswerFilter.Parse($"confidence{sign}0.5", Plan);

        Assert.Equal(expected, new[] { 0.4f, 0.5f, 0.6f }.Select(confidence =>
        {
            var answer = default(Classification);
            answer.TopConfidences[0] = confidence;
            return filter.Matches(answer);
        }));
    }

    static FlowDumpStatistics Run(FlowDumpOptions dump, MemorySource source)
    {
        using var sensor =
            new Sensor(Plan, new() { Dump = dump }, [new(source)], [new("none", new NullSink())], _ => { });
        sensor.Start();
        Assert.True(sensor.Wait(Grace));
        var account = sensor.Complete(Grace);
        Assert.Equal(source.Count, account.Received);
        return sensor.Statistics.Dump!;
    }

    FlowDumpOptions Options(string conditions) => new()
    {
        Filters = [AnswerFilter.Parse(conditions, Plan)],
        Files = new() { Directory = folder },
    };

    /// <summary>
    /// Flows of four packets from as many ports: even ones are sure at once, odd ones at their third.
    /// </summary>
    static MemorySource Traffic()
    {
        var source = new MemorySource(37);
        for (var packet = 0; packet < 4; packet++)
        {
            for (var flow = 0; flow < Flows; flow++)
            {
                source.Udp((packet * Flows) + flow, 1000 + flow,
                    flow % 2 == 0 ? SureEven : packet < 2 ? UnsureEven : SureOdd);
            }
        }

        return source;
    }

    List<(int Port, long Ns)> Read()
    {
        var packets = new List<(int, long)>();
        foreach (var path in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            var burst = new ServeFlow.Packets.PacketBurst();
            using var file = CaptureFile.Open(path);
            while (file.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    packets.Add(((packet.Bytes[34] << 8) | packet.Bytes[35], packet.TimestampNs));
                }
            }

            Assert.Null(file.DescribeDamage());
        }

        return packets;
    }
}
