using System.Text;
using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Models;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>A shadow over random traffic: it changes nothing, and answers as it would alone.</summary>
public sealed class WorkerShadowPropertyTests
{
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(300);

    static readonly CascadePlan[] Flows =
    [
        Plan(1), Plan(3), Plan(1, 1), Plan(1, 3), Plan(1, 1, 2, 4), PlanWithTimeouts([2, 300], 1, 3),
        PlanWithTimeouts([150, 3], 1, 1, 2, 4), Plan(2, 5) with { WaitLimit = TimeSpan.FromMilliseconds(350) },
        Plan(1, 2) with { Protocols = new([4], [17]) }, WorkerRowsTests.PlanOfDirections(),
        PlanWithNovelty([MemorySource.Opening(new MemorySource().Udp(0, 1000, SureEven))], 1, 2),
        Recalibrated(Plan(1, 3)), Drawn(1, 3), Recalibrated(Drawn(1, 3)), Drawn(1, 1, 2, 4),
        Recalibrated(Drawn(1, 1, 2, 4)), Recalibrated(WorkerRowsTests.PlanOfDirections()),
    ];

    static readonly CascadePlan[] Windows =
        [TinyCascade.Windows(Window, 1, 3), TinyCascade.Windows(Window, 4), WindowsWithTimeouts(Window, [2, 40], 1, 3)];

    /// <summary>Two plans of one kind of unit.</summary>
    static readonly Gen<(CascadePlan Main, CascadePlan Shadow)> Pairs =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100], Gen.Int[0, 100]).Select((kind, main, shadow) =>
        {
            var plans = kind == 0 ? Windows : Flows;
            return (plans[main % plans.Length] with { Labels = ["camera", "plug"] },
                plans[shadow % plans.Length] with { Version = "2", Labels = ["a", "b"] });
        });

    /// <summary>Short timeouts, and room for all flows.</summary>
    static readonly WorkerOptions Short = new()
    {
        Flows = WorkerPropertyTests.Tight.Flows with { MaxFlows = new WorkerOptions().Flows.MaxFlows },
    };

    [Fact]
    public void Run_AnyTraffic_GivesTheBytesAndCountsOfARunWithoutShadow() =>
        Gen.Select(RandomTraffic.Steps, Pairs, Gen.Bool, Gen.Int[1, 64]).Sample((steps, plans, tight, burst) =>
        {
            var options = tight ? WorkerPropertyTests.Tight : new();
            Assert.Equal(Served(RandomTraffic.Source(steps, burst), plans.Main, null, options).Text,
                Served(RandomTraffic.Source(steps, burst), plans.Main, plans.Shadow, options).Text);
        });

    [Fact]
    public void Run_AnyTraffic_TheShadowAnswersAsItWouldAlone() =>
        Gen.Select(RandomTraffic.Steps, Pairs, Gen.Bool, Gen.Int[1, 64]).Sample((steps, plans, isShort, burst) =>
        {
            var options = isShort ? Short : new();
            var run = Served(RandomTraffic.Source(steps, burst), plans.Main, plans.Shadow, options).Run!;
            var (alone, account) = RecordLog.Run(plans.Shadow, RandomTraffic.Source(steps, 9), options);

            Assert.Equal((account.Units, 0L, 0L),
                (run.Comparison.Compared, run.Comparison.Unpaired, run.Comparison.Others));
            Assert.Equal(Known(alone.Predictions), Known(ShadowAnswers(run)));
        });

    [Fact]
    public void Run_LittleRoom_EveryUnitIsComparedOnce() =>
        Gen.Select(RandomTraffic.Steps, Pairs, Gen.Int[1, 64]).Sample((steps, plans, burst) =>
        {
            var (_, run, worker) = Served(RandomTraffic.Source(steps, burst), plans.Main, plans.Shadow,
                WorkerPropertyTests.Tight);

            Assert.Equal((worker.Account.Units, 0L, 0),
                (run!.Comparison.Compared, run.Comparison.Unpaired, run.Worker.Undecided));
        });

    [Fact]
    public void Run_RemoteTier_TheShadowAnswersAsItWouldAlone() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[1, 30]).Sample((steps, burst) =>
        {
            var shadow = Plan(["a", "b"], 1, 3) with { Version = "2" };
            var away = RemoteModel.Apply(shadow, new ScriptedTier(shadow), waits: false);
            var run = Served(RandomTraffic.Source(steps, burst), Plan(1, 2), away, Short).Run!;
            var (alone, _) = RecordLog.Run(shadow, RandomTraffic.Source(steps, 9), Short);

            Assert.Equal(Known(alone.Predictions), Known(ShadowAnswers(run)));
        }, iter: 50);

    /// <summary>A version that was calibrated anew has the models of the version before.</summary>
    [Fact]
    public void Run_OtherRulesForTheSameModels_TakesTheirScoresAndAnswersAsAlone()
    {
        var shadow = Recalibrated(Drawn(1, 3)) with { Version = "2" };
        var run = Served(Packets(), Drawn(1, 3) with { Labels = ["camera", "plug"] }, shadow, new()).Run!;
        var (alone, account) = RecordLog.Run(shadow, Packets(), new());

        Assert.Equal(Known(alone.Predictions), Known(ShadowAnswers(run)));
        Assert.InRange(run.TakenScores, account.Units * 0.9, double.MaxValue);

        static MemorySource Packets()
        {
            var source = new MemorySource(64);
            for (var i = 0; i < 3000; i++)
            {
                source.Udp(i, 1000 + (i / 3), 4 + (i * 7 % 4), forward: i % 3 > 0);
            }

            return source;
        }
    }

    [Fact]
    public void Run_OtherModels_TakesNoScores() =>
        Assert.Equal(0, Served(new MemorySource(7).Udp(0, 1000, SureEven), Drawn(1, 3), Drawn(2, 4) with
        {
            Version = "2",
        }, new()).Run!.TakenScores);

    /// <summary>The main plan has given up waiting, and the shadow has not, when a packet exchanges the flow's sides
    /// and ends the window: of as many packets the shadow sees others.</summary>
    [Fact]
    public void Run_SidesTurnBetweenTheTwo_TheShadowScoresTheSidesBehind()
    {
        var plan = WorkerRowsTests.PlanOfDirections() with { Window = TimeSpan.FromMilliseconds(155) };
        var main = plan with { Labels = ["camera", "plug"], WaitLimit = TimeSpan.FromMilliseconds(100) };
        var shadow = Recalibrated(plan) with { Version = "2" };
        foreach (var burst in new[] { 1, 2, 64 })
        {
            var run = Served(Packets(burst), main, shadow, new()).Run!;
            var (alone, _) = RecordLog.Run(shadow, Packets(burst), new());

            Assert.Equal(Known(alone.Predictions), Known(ShadowAnswers(run)));
        }

        static MemorySource Packets(int burst) => new MemorySource(burst)
            .Tcp(0, 1000, TcpFlags.Ack).Udp(150, 2000, UnsureOdd)
            .Tcp(160, 1000, TcpFlags.Syn, forward: false).Udp(170, 2000, UnsureOdd);
    }

    /// <summary>A flow's time is over, and then a packet exchanges its sides.</summary>
    [Fact]
    public void Run_SidesTurnAfterADeadline_TheShadowAnswersByTheSidesBefore() =>
        AssertAnswersAsAlone(WorkerRowsTests.PlanOfDirections(), burst => new MemorySource(burst)
            .Tcp(0, 1000, TcpFlags.Ack).Tcp(2000, 1000, TcpFlags.Syn, forward: false)
            .Tcp(2001, 1000, TcpFlags.Ack).Tcp(2002, 1000, TcpFlags.Ack));

    /// <summary>A packet of no flow, a later fragment, moves time on; the next packets are from before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_TimeOfUntrackedPackets_CountsForTheShadowToo(bool hasWindows) =>
        AssertAnswersAsAlone(hasWindows ? WindowsWithTimeouts(Window, [2, 40], 1, 3) : PlanWithTimeouts([2, 300], 1, 3),
            burst => new MemorySource(burst).Udp(0, 1000, UnsureOdd).Udp(1, 1001, UnsureOdd)
                .Add(900, Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, new byte[8], fragment: 100)))
                .Udp(100, 1000, UnsureEven).Udp(101, 1001, UnsureEven).Udp(1000, 1000, SureEven));

    static void AssertAnswersAsAlone(CascadePlan plan, Func<int, MemorySource> packets)
    {
        var shadow = plan with { Version = "2", Labels = ["a", "b"] };
        foreach (var burst in new[] { 1, 2, 64 })
        {
            var run = Served(packets(burst), Plan(1) with { Window = plan.Window }, shadow, new()).Run!;
            var (alone, _) = RecordLog.Run(shadow, packets(burst), new());

            Assert.Equal(Known(alone.Predictions), Known(ShadowAnswers(run)));
        }
    }

    /// <summary>The wait is over in the nanosecond in which the flow ends.</summary>
    [Fact]
    public void Run_DeadlineAndEndAtOnce_TheShadowSaysWhichCameFirst() =>
        AssertAnswersAsAlone(Plan(3) with { WaitLimit = new WorkerOptions().Flows.UdpIdleTimeout },
            burst => new MemorySource(burst).Udp(0, 1000, UnsureOdd).Udp(10_000_000, 1001, UnsureOdd));

    [Fact]
    public void Use_ShadowThatBeginsAndEndsWhilePacketsCome_ChangesNoRecord() =>
        Gen.Select(RandomTraffic.Steps, Pairs, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((steps, plans, begin, length) =>
            Assert.Equal(Served(RandomTraffic.Source(steps, 1), plans.Main, null, Short).Text,
                Served(RandomTraffic.Source(steps, 1), plans.Main, plans.Shadow, Short, begin, begin + length).Text));

    /// <summary>Serves packets with a shadow from one burst to another.</summary>
    static (string Text, ShadowRun? Run, Worker Worker) Served(MemorySource source, CascadePlan main,
        CascadePlan? shadow, WorkerOptions options, int begin = 0, int end = int.MaxValue)
    {
        using var stream = new MemoryStream();
        using var sink = new EveSink(stream, main, new());
        var plans = new ServedPlans(main);
        var worker = new Worker(main, options, sink, null, plans);
        var lane = worker.CreateLane(main, 0);
        var run = shadow is null ? null : new ShadowRun(worker, (main, 0), (shadow, plans.Add(shadow, "shadow")),
            options, plans, new QueuedSink(4096, false, true));
        var bursts = 0;
        worker.Run(new ChangingSource(source, () =>
        {
            worker.Use(new(lane, Shadow: bursts >= begin && bursts < end ? run : null));
            bursts++;
        }), TestContext.Current.CancellationToken);
        worker.Finish();
        sink.Flush();
        return (Encoding.UTF8.GetString(stream.ToArray()) + Counts(worker.Account), run, worker);
    }

    /// <summary>Gives a plan whose models are forests, so that each flow may have scores of its own.</summary>
    static CascadePlan Drawn(params int[] depths) => WorkerRowsTests.Plan(ScoringEngine.Avx2, null, depths);

    /// <summary>Gives a plan that is surer of less, as one that was calibrated anew may be.</summary>
    static CascadePlan Recalibrated(CascadePlan plan) => plan with
    {
        Tiers =
        [
            .. plan.Tiers.Select((tier, i) => i == plan.Tiers.Count - 1 ? tier : tier with
            {
                Rule = new(2, UncertaintyMeasure.LeastConfidence, [0.35, 0.5]),
            }),
        ],
    };

    static string Counts(Account account) => string.Join(' ', account.Received, account.Tracked, account.Created,
        account.Units, account.Balances, Join(account.DecisionsByTier), Join(account.AnswersByModel),
        Join(account.Answers.Labels), Join(account.Waiting),
        string.Join(',', Enum.GetValues<EndReason>().Select(reason => account.Ended[reason])),
        string.Join(',', Enum.GetValues<FlowEvent>().Select(one => account.Events[one])),
        string.Join(',', Enum.GetValues<DecisionReason>().Select(reason => account.Decisions[reason])));

    /// <summary>Joins counts; there is room for those of the shadow, which are zero.</summary>
    static string Join(ReadOnlySpan<long> counts) => string.Join(',', counts.TrimEnd(0).ToArray());

    /// <summary>Gets what the shadow answered, where it has no class of the main plan.</summary>
    static List<FlowRecord> ShadowAnswers(ShadowRun run) =>
        [.. run.Disagreements!.Peek(4096).ToArray().Where(record => record.Model == 1)];

    /// <summary>Gets the facts of the answers that name a class; two plans that know none agree.</summary>
    static IEnumerable<object> Known(IEnumerable<FlowRecord> records) => records
        .Where(record => !record.Classification.IsUnknown).Select(Facts).Order().Cast<object>();

    static (long, long, int, long, int, float, int, DecisionReason, int, long) Facts(FlowRecord record) =>
        (record.TimestampNs, record.Classification.FirstNs,
            Math.Max(record.Flow.SourcePort, record.Flow.DestinationPort), record.PacketNumber,
            record.Classification.LabelId, record.Classification.Confidence, record.Classification.Tier,
            record.Classification.Reason, record.Classification.PacketsUsed, record.Classification.DecidedNs);
}
