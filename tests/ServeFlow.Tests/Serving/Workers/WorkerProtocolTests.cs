using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>Flows of protocols that training saw none of are answered at once, and no tier is asked.</summary>
public sealed class WorkerProtocolTests
{
    static readonly TrainedProtocols UdpOverIpv4 = new([4], [17]);

    static CascadePlan Sensor(params int[] depths) => Plan(depths) with { Protocols = UdpOverIpv4 };

    /// <summary>A neighbour solicitation, as each IPv6 host sends it.</summary>
    static MemorySource Solicitation(MemorySource source, double milliseconds) => source.Add(milliseconds,
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("fe80::1", "ff02::1:ff00:2", 58, Frame.Icmp(135, 0, new byte[24]))));

    /// <summary>The first tier waits for three packets; the answer does not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_NeighbourDiscoveryAbsentFromTraining_IsUnknownOnItsFirstPacket(int depth)
    {
        var source = Solicitation(Solicitation(new(), 0), 5000);
        var (log, account) = RecordLog.Run(Sensor(depth), source);

        var prediction = log.Predictions.Single();
        var answer = prediction.Classification;
        Assert.True(answer.IsUnknown);
        Assert.Equal((Classification.UnknownId, -1, 0f, DecisionReason.UnknownProtocol, 1),
            (answer.LabelId, answer.TopLabels[0], answer.Confidence, answer.Reason, answer.PacketsUsed));
        Assert.Equal((MemorySource.Start, 1L), (answer.DecidedNs, prediction.PacketNumber));
        Assert.Equal((1, 1, 0), (account.Units, account.Decisions[DecisionReason.UnknownProtocol], account.Undecided));
        Assert.Equal(1, account.DecisionsByTier[0]);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Finish_UnknownProtocol_IsUnknownInItsEndToo()
    {
        var (log, _) = RecordLog.Run(Sensor(1), Solicitation(new(), 0));

        var end = log.Ends.Single().Classification;
        Assert.Equal((Classification.UnknownId, DecisionReason.UnknownProtocol), (end.LabelId, end.Reason));
    }

    /// <summary>TCP was not in training either; UDP was, and gets what it got before.</summary>
    [Fact]
    public void Run_MixedTraffic_OnlyTrainedProtocolsReachTheTiers()
    {
        var source = Solicitation(new MemorySource().Udp(0, 1000, SureOdd).Tcp(1, 2000, 2), 2).Udp(3, 1001, SureEven);
        var (log, account) = RecordLog.Run(Sensor(1, 3), source);

        Assert.Equal([Odd, Classification.UnknownId, Classification.UnknownId, Even],
            log.Predictions.Select(record => record.Classification.LabelId));
        Assert.Equal(2, account.Decisions[DecisionReason.UnknownProtocol]);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Run_NetworkProtocolAbsentFromTraining_IsUnknown()
    {
        var source = new MemorySource().Add(0, Frame.Ethernet(Frame.Ip6,
            Frame.Ipv6("2001:db8::1", "2001:db8::2", 17, Frame.Udp(1, 2, new byte[SureOdd]))));

        Assert.True(RecordLog.Run(Sensor(1), source).Log.Predictions.Single().Classification.IsUnknown);
    }

    [Fact]
    public void Run_PlanWithoutProtocols_AsksTheTiers()
    {
        var (log, _) = RecordLog.Run(Plan(1), Solicitation(new(), 0));

        Assert.False(log.Predictions.Single().Classification.IsUnknown);
    }

    /// <summary>Each window is a unit of its own, and each is answered.</summary>
    [Fact]
    public void Run_Windows_EachIsUnknown()
    {
        var plan = Windows(TimeSpan.FromSeconds(1), 1) with { Protocols = UdpOverIpv4 };
        var source = Solicitation(Solicitation(Solicitation(new(), 0), 400), 1500);
        var (log, account) = RecordLog.Run(plan, source);

        Assert.Equal(2, log.Predictions.Count(record => record.Classification.IsUnknown));
        Assert.Equal(2, account.Units);
        Assert.True(account.Balances);
    }

    [Fact]
    public void Write_UnknownProtocolAsEve_HasNoGuessAndNoNovelty()
    {
        using var text = new MemoryStream();
        using (var sink = new EveSink(text, Sensor(1), new()))
        {
            var worker = new Worker(Sensor(1), new(), sink);
            worker.Run(Solicitation(new(), 0), TestContext.Current.CancellationToken);
            worker.Finish();
        }

        var prediction = System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n')[0];
        Assert.Contains("\"label\":\"unknown\",\"label_id\":-1,\"confidence\":0", prediction);
        Assert.Contains("\"topk\":[],\"state\":\"classified\",\"tier\":\"tier0\","
            + "\"reason\":\"unknown_protocol\"", prediction);
        Assert.DoesNotContain("novelty", prediction);
    }

    [Theory]
    [InlineData("label=unknown", true)]
    [InlineData("reason=unknown_protocol", true)]
    [InlineData("label=even", false)]
    public void Matches_UnknownProtocol_ByLabelAndReason(string text, bool expected)
    {
        var (log, _) = RecordLog.Run(Sensor(1), Solicitation(new(), 0));

        Assert.Equal(expected,
            AnswerFilter.Parse(text, Sensor(1)).Matches(log.Predictions.Single().Classification));
    }
}
