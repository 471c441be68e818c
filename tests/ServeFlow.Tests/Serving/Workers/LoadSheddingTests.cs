using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Packets;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class LoadSheddingTests
{
    static readonly TierRule Rule = new(1, UncertaintyMeasure.LeastConfidence, [0.2, 0.4]);

    [Fact]
    public void LeavesOut_RisingPressure_LeastGainGoesFirst() =>
        Gen.Select(Gen.Float[0.61f, 0.79f], Gen.Float[0.61f, 0.79f], Gen.Int[1, 40]).Sample((one, other, bursts) =>
        {
            var shedding = new LoadShedding();
            for (var i = 0; i < bursts; i++)
            {
                shedding.Update(0.55);
            }

            var (surer, unsurer) = (Decide(Math.Max(one, other)), Decide(Math.Min(one, other)));
            Assert.True(shedding.ShouldShed(surer) || !shedding.ShouldShed(unsurer));
        });

    [Fact]
    public void LeavesOut_ThresholdsPerClass_GainCountsFromEachClassesOwn()
    {
        var shedding = new LoadShedding();
        shedding.Update(0.9);

        // Equally unsure, but the second class is let through up to 0.4: 0.25 and 0.08 of the way to 1.
        Assert.False(shedding.ShouldShed(Rule.Decide([0.55f, 0.45f])));
        Assert.True(shedding.ShouldShed(Rule.Decide([0.45f, 0.55f])));
    }

    [Fact]
    public void ShouldShed_FullPressureForLong_EvenTheGreatestGain()
    {
        var shedding = new LoadShedding();
        for (var burst = 0; burst < 10; burst++)
        {
            shedding.Update(1);
        }

        var most = new TierRule(1, UncertaintyMeasure.Margin, [-1, -1]).Decide([0.5f, 0.5f]);
        Assert.Equal(1, most.Uncertainty);
        Assert.True(shedding.ShouldShed(most));
    }

    [Fact]
    public void LeavesOut_NoPressure_Nothing()
    {
        var shedding = new LoadShedding();
        shedding.Update(LoadShedding.HighWaterMark);

        Assert.False(shedding.ShouldShed(new TierRule(1, UncertaintyMeasure.Margin, [-1, -1]).Decide([1, 0])));
    }

    [Fact]
    public void Note_FullPressure_LeavesOutEverythingSoonAndLetsGoSlowly()
    {
        var shedding = new LoadShedding();
        var rise = CountUntil(() => shedding.MinGain == 1, () => shedding.Update(1));
        shedding.Update((LoadShedding.HighWaterMark + LoadShedding.LowWaterMark) / 2);
        Assert.Equal(1, shedding.MinGain);
        var fall = CountUntil(() => shedding.MinGain == 0, () => shedding.Update(0));

        Assert.InRange(rise, 2, 8);
        Assert.InRange(fall, 8 * rise, 100);
    }

    [Fact]
    public void Run_SourceUnderPressure_FirstTierAnswersAndSaysOverload()
    {
        var (log, account) = Run(1, Unsure(200));

        var overload = log.Predictions.FindAll(record => record.Classification.Reason == DecisionReason.Overload);
        Assert.True(overload.Count > 100);
        Assert.All(overload, record => Assert.Equal((0, Odd, 0.6, 1), (record.Classification.Tier,
            record.Classification.LabelId, Math.Round(record.Classification.Confidence, 3),
            record.Classification.PacketsUsed)));
        Assert.Equal(overload.Count, account.ShedByTier[0]);
        Assert.Equal(overload.Count, account.DecisionsByTier[0]);
        Assert.Equal(overload.Count, account.Decisions[DecisionReason.Overload]);
        AssertExact(account, log, 200);
    }

    [Fact]
    public void Statistics_SourceUnderPressure_TellWhichTierShed()
    {
        using var source = new PressedSource(Unsure(200), 1);
        using var sensor = new Sensor(Plan(1, 1), new(), [new(source)], [new("none", new NullSink())], _ => { });
        sensor.Start();
        Assert.True(sensor.Wait(TimeSpan.FromSeconds(10)));
        var account = sensor.Complete(TimeSpan.FromSeconds(10));

        Assert.True(account.ShedByTier[0] > 100);
        Assert.Equal(account.ShedByTier.ToArray(), sensor.Statistics.ShedByTier);
        Assert.Equal(account.DecisionsByTier.ToArray(), sensor.Statistics.DecisionsByTier);
    }

    [Fact]
    public void Run_PressureBelowTheMarks_GivesTheSameRecordsAsNone()
    {
        var (pressed, account) = Run(0.49, Unsure(100));
        var (calm, _) = Run(0, Unsure(100));

        Assert.Equal(calm.Records.Select(Summary), pressed.Records.Select(Summary));
        Assert.Equal(0, account.ShedByTier[0]);
    }

    [Fact]
    public void Run_AnyPressure_AccountsForEveryPacketAndFlow() =>
        Gen.Select(RandomTraffic.Steps, Gen.Double[0, 1]).Sample((steps, pressure) =>
        {
            var (log, account) = Run(pressure, RandomTraffic.Source(steps, 3), Plan(1, 1, 3));

            AssertExact(account, log, account.Created);
            Assert.Equal(account.Decisions[DecisionReason.Overload], account.ShedByTier.ToArray().Sum());
        });

    static (RecordKind, int, int, DecisionReason) Summary(FlowRecord record) => (record.Kind, record.Flow.SourcePort,
        record.Classification.Tier, record.Classification.Reason);

    static void AssertExact(Account account, RecordLog log, long flows)
    {
        Assert.True(account.Balances);
        Assert.Equal((flows, flows, 0), (account.Created, account.Decisions.Total, account.Active));
        Assert.Equal((flows, flows), (log.Predictions.Count, log.Ends.Count));
    }

    static (RecordLog Log, Account Account) Run(double pressure, MemorySource source, CascadePlan? plan = null)
    {
        var log = new RecordLog();
        var worker = new Worker(plan ?? Plan(1, 1), new(), log);
        worker.Run(new PressedSource(source, pressure), TestContext.Current.CancellationToken);
        worker.Finish();
        return (log, worker.Account);
    }

    /// <summary>So many flows of one packet, of all of which the first tier is unsure; ten to a burst.</summary>
    static MemorySource Unsure(int flows)
    {
        var source = new MemorySource(10);
        for (var i = 0; i < flows; i++)
        {
            source.Udp(i, 1000 + i, UnsureOdd);
        }

        return source;
    }

    static TierDecision Decide(float confidence) => Rule.Decide([confidence, 1 - confidence]);

    static int CountUntil(Func<bool> isSo, Action step)
    {
        var count = 0;
        for (; !isSo() && count < 1000; count++)
        {
            step();
        }

        return count;
    }

    /// <summary>A source whose ring is always as full.</summary>
    sealed class PressedSource(IPacketSource source, double pressure) : IPacketSource
    {
        public double Pressure => pressure;

        public bool Poll(PacketBurst burst) => source.Poll(burst);

        public void Dispose() => source.Dispose();
    }
}
