using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Features;
using Xunit;

namespace ServeFlow.Tests.Cascade.Drift;

public sealed class DriftMonitorTests
{
    const long Minute = 60_000_000_000;
    const long Start = 1_700_000_040_000_000_000; // 2023-11-14 22:14

    static readonly FeatureSchema Schema = FeatureSchema.Parse("nprint:udp", "none");

    static readonly string[] Labels = ["rare", "dns", "web"];

    readonly DriftPlan plan = Plan(1);
    long now = Start;

    /// <summary>Nothing is said of windows that are as usual.</summary>
    [Fact]
    public void Poll_TrafficOfTraining_SaysNothing()
    {
        var monitor = new DriftMonitor(plan, 1);

        Assert.Empty(Feed(monitor, 1000, i => Answer(1 + (i % 2), 0.9f)));

        Assert.Equal((10, 1000, 0), (monitor.State.Windows, monitor.State.Flows, monitor.State.Alarms));
        Assert.Null(monitor.State.SinceNs);
        Assert.True(monitor.State.Level < 1);
    }

    /// <summary>One class becomes unsure: one line when it begins, one when it is over, and none between.</summary>
    [Fact]
    public void Poll_ClassLosesConfidence_SaysSoOnceAndWhenItIsOver()
    {
        var monitor = new DriftMonitor(plan, 1);
        Feed(monitor, 150, i => Answer(1 + (i % 2), 0.9f));
        var began = now;

        var begin = Assert.Single(Feed(monitor, 1000, i => Answer(1 + (i % 2), i % 2 == 0 ? 0.31f : 0.9f)));
        var end = Assert.Single(Feed(monitor, 450, i => Answer(1 + (i % 2), 0.9f)));

        Assert.True(begin.IsBegin);
        Assert.False(end.IsBegin);
        Assert.Equal(begin.SinceNs, end.SinceNs);
        Assert.InRange(begin.SinceNs, began - (SmallBaseline.WindowFlows * Minute), began);
        Assert.Equal(1, monitor.State.Alarms);
        Assert.Null(monitor.State.SinceNs);
        var text = DriftText.Format(begin, DateTime.UnixEpoch);
        Assert.StartsWith("drift: class dns, confidence 0.", text, StringComparison.Ordinal);
        Assert.Contains("(0.90 in training)", text, StringComparison.Ordinal);
        Assert.EndsWith($"since {DriftText.Time(begin.SinceNs, DateTime.UnixEpoch)}", text, StringComparison.Ordinal);
    }

    /// <summary>A drift is over after two windows in a row with nothing unusual; one that is unusual, though less than
    /// an alarm needs, lets it go on.</summary>
    [Fact]
    public void Poll_QuietWindows_TwoInARowEndADrift()
    {
        var monitor = new DriftMonitor(plan, 1);
        Assert.True(Assert.Single(FeedWindow(monitor, 0.2f)).IsBegin);

        Assert.Empty(FeedWindow(monitor, 0.9f));
        Assert.Empty(FeedWindow(monitor, 0.85f));
        Assert.InRange(monitor.State.Score, 0.1, plan.Baseline.AlarmScore - 0.1);
        Assert.Empty(FeedWindow(monitor, 0.9f));
        Assert.NotNull(monitor.State.SinceNs);
        Assert.False(Assert.Single(FeedWindow(monitor, 0.9f)).IsBegin);
        Assert.Null(monitor.State.SinceNs);
    }

    /// <summary>A class that is replaced by another is noticed within two windows.</summary>
    [Fact]
    public void Poll_ClassIsReplaced_IsNoticedWithinTwoWindows()
    {
        var monitor = new DriftMonitor(plan, 1);
        Feed(monitor, 150, i => Answer(1 + (i % 2), 0.9f));

        var begin = Assert.Single(Feed(monitor, 2 * SmallBaseline.WindowFlows,
            i => Answer(i % 2 == 0 ? 0 : 2, 0.9f)));

        Assert.Contains(DriftText.FindUnusual(begin.State),
            reading => reading is { Kind: DriftKind.Share, Name: "dns" });
        Assert.Contains(DriftText.FindUnusual(begin.State), reading => reading.Kind == DriftKind.Mix);
    }

    /// <summary>Windows of several workers are as long as those of one, whoever has the flows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Poll_SeveralWorkers_EveryFlowIsInOneWindow(int workers)
    {
        var monitor = new DriftMonitor(plan, workers);
        for (var i = 0; i < 5000; i++)
        {
            monitor.Counters[i % workers].Count(Answer(1 + (i / workers % 2), 0.9f), []);
            monitor.Poll();
        }

        Assert.InRange(monitor.State.Flows, 4800, 5000);
        Assert.InRange(monitor.State.Flows / monitor.State.Windows, SmallBaseline.WindowFlows,
            SmallBaseline.WindowFlows + workers);
    }

    /// <summary>A reader that is late loses no flow: the last block grows meanwhile.</summary>
    [Fact]
    public void Poll_LateReader_CountsEveryFlow()
    {
        var monitor = new DriftMonitor(plan, 1);
        for (var i = 0; i < 10_000; i++)
        {
            monitor.Counters[0].Count(Answer(1 + (i % 2), 0.9f), []);
        }


        monitor.Poll();
        monitor.Counters[0].Count(Answer(1, 0.9f), []);
        monitor.Poll();

        Assert.Equal(10_001, monitor.State.Flows);
    }

    /// <summary>What is answered early for want of time is unsure because of the load, and not of the traffic.
    /// </summary>
    [Fact]
    public void Count_Overload_IsNotCounted()
    {
        var monitor = new DriftMonitor(plan, 1);

        Feed(monitor, 1000, i => Answer(1 + (i % 2), 0.2f, DecisionReason.Overload));

        Assert.Equal(0, monitor.State.Windows);
    }

    [Fact]
    public void Count_ManyAnswers_AllocatesNothing()
    {
        var counter = new DriftMonitor(plan, 1).Counters[0];
        var (answer, packets) = (Answer(1, 0.9f), new HeaderRecord[1]);
        counter.Count(answer, packets);

        Assert.Equal(0, AllocatedBytes.Min(_ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Count(answer, packets);
            }
        }));
    }

    /// <summary>One flow in eight is asked what trees ask, and the counts are those of asking by hand.</summary>
    [Fact]
    public void Count_Questions_CountsThoseAboveTheThreshold()
    {
        var plan = Plan(2, new DriftQuestion("p1_udp_sport_15", 0.5, new(0.5, 0.1, 0.02)));
        var monitor = new DriftMonitor(plan, 1);
        var packets = new HeaderRecord[1];
        packets[0].UdpLength = 8;
        for (var i = 0; i < SmallBaseline.WindowFlows; i++)
        {
            packets[0].Bits[HeaderRecord.UdpOffset + 1] = (byte)(i % 16 < 8 ? 1 : 0);
            monitor.Counters[0].Count(Answer(1 + (i % 2), 0.9f), packets);
        }

        monitor.Poll();

        // Flows 8, 16, 24, …, 96 are asked: every other one of these has the bit, beginning with the first.
        var reading = Assert.Single(monitor.State.Readings, reading => reading.Kind == DriftKind.Feature);
        Assert.Equal(("p1_udp_sport_15", 0.5), (reading.Name, reading.Value));
    }

    /// <summary>A value that equals a threshold goes left in a tree: it is not above it.</summary>
    [Fact]
    public void Count_ValueAtTheThreshold_IsNotAboveIt()
    {
        var plan = Plan(2, new DriftQuestion("p1_udp_sport_15", 1, new(0.5, 0.1, 0.02)));
        var monitor = new DriftMonitor(plan, 1);
        var packets = new HeaderRecord[1];
        packets[0].UdpLength = 8;
        packets[0].Bits[HeaderRecord.UdpOffset + 1] = 1;
        for (var i = 0; i < SmallBaseline.WindowFlows; i++)
        {
            monitor.Counters[0].Count(Answer(1 + (i % 2), 0.9f), packets);
        }

        monitor.Poll();

        Assert.Equal(0, Assert.Single(monitor.State.Readings, reading => reading.Kind == DriftKind.Feature).Value);
    }

    static DriftPlan Plan(int tiers, params DriftQuestion[] questions) =>
        DriftPlan.Compile(SmallBaseline.Create("dns", "web", tiers, questions), Labels,
            [.. Enumerable.Range(0, tiers).Select(tier => $"tier{tier}")], Schema, 1);

    List<DriftChange> Feed(DriftMonitor monitor, int flows, Func<int, Classification> answer)
    {
        var changes = new List<DriftChange>();
        for (var i = 0; i < flows; i++)
        {
            monitor.Counters[0].Count(answer(i), []);
            changes.AddRange(monitor.Poll());
        }

        return changes;
    }

    List<DriftChange> FeedWindow(DriftMonitor monitor, float confidence) =>
        Feed(monitor, SmallBaseline.WindowFlows, i => Answer(1 + (i % 2), confidence));

    Classification Answer(int label, float confidence, DecisionReason reason = DecisionReason.Confident)
    {
        var answer = new Classification { Reason = reason, DecidedNs = now += Minute };
        answer.TopLabels[0] = label;
        answer.TopConfidences[0] = confidence;
        return answer;
    }
}
