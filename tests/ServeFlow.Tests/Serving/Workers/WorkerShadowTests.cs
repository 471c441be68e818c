using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>A plan that follows another: its answers are compared and nothing else changes.</summary>
public sealed class WorkerShadowTests
{
    static readonly CascadePlan Main = Plan(["even", "odd"], 1, 3);

    [Fact]
    public void Run_EqualPlan_AgreesOnEveryFlowAndChangesNoRecord()
    {
        var (alone, account) = RecordLog.Run(Main, Traffic());
        var (log, run, worker) = Follow(Main with { Version = "2" }, null);

        Assert.Equal(alone.Records.Select(RecordLog.Facts), log.Records.Select(RecordLog.Facts));
        Assert.Equal(account.Received, worker.Account.Received);
        Assert.Equal((log.Predictions.Count, 0L, 0L, 0L),
            (run.Comparison.Compared, run.Comparison.Disagreed, run.Comparison.Unpaired, run.Comparison.Others));
        Assert.Equal(["even", "odd"], run.Comparison.Classes.Select(one => one.Label));
        Assert.True(worker.Account.Balances);
        Assert.Equal(0, run.Worker.Undecided);
        Assert.Equal(worker.Account.Units, run.Worker.Account.Units);
    }

    [Fact]
    public void Run_OtherPlan_CountsAndKeepsEveryDisagreement()
    {
        var other = Plan(["odd", "even"], 2, 4) with { Version = "2" };
        var (expected, _) = RecordLog.Run(other, Traffic());
        using var queue = new QueuedSink(4096, false, true);
        var (log, run, _) = Follow(other, queue);

        var labels = expected.Predictions.ToDictionary(Key, record => other.Labels[record.Classification.LabelId]);
        var differ = log.Predictions.Count(record =>
            labels[Key(record)] != Main.Labels[record.Classification.LabelId]);
        Assert.InRange(differ, 10, log.Predictions.Count - 10);
        Assert.Equal((log.Predictions.Count - differ, differ), (run.Comparison.Agreed, run.Comparison.Disagreed));
        Assert.Equal(differ, run.Comparison.Pairs.Sum(pair => pair.Flows));
        Assert.Equal(2 * differ, queue.Accepted);
        var kept = queue.Peek(2);
        Assert.Equal((0, 1), (kept[0].Model, kept[1].Model));
        Assert.Equal(Key(kept[0]), Key(kept[1]));
    }

    [Fact]
    public void Run_ShadowThatBeginsLater_ComparesTheFlowsThatBeginAfterIt()
    {
        var log = new RecordLog();
        var plans = new ServedPlans(Main);
        var worker = new Worker(Main, new(), log, null, plans);
        worker.Run(new MemorySource().Udp(0, 1000, UnsureEven).Udp(0, 1001, SureEven), Cancel);
        var run = Start(worker, plans, Main with { Version = "2" }, null);
        worker.Run(new MemorySource().Udp(1, 1000, SureOdd).Udp(2, 1000, SureOdd).Udp(3, 2000, SureOdd)
            .Udp(4, 1001, SureOdd), Cancel);
        worker.Use(new(worker.CreateLane(Main, 0)));
        worker.Run(new MemorySource().Udp(5, 3000, SureOdd), Cancel);
        worker.Finish();

        Assert.Equal((1L, 1L), (run.Comparison.Compared, run.Comparison.Agreed));
        Assert.Equal(4, log.Predictions.Count);
    }

    [Fact]
    public void Run_Warm_AllocatesNothing()
    {
        var plans = new ServedPlans(Main);
        using var sink = new NullSink();
        var worker = new Worker(Main, new(), sink, null, plans);
        Start(worker, plans, Main with { Version = "2" }, null);
        var source = Traffic();
        Round();
        Round();

        Assert.Equal(0, AllocatedBytes.Min(_ => Round()));

        void Round()
        {
            worker.Run(source, Cancel);
            source.Repeat(3_600_000);
        }
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static (RecordLog Log, ShadowRun Run, Worker Worker) Follow(CascadePlan shadow, QueuedSink? disagreements)
    {
        var log = new RecordLog();
        var plans = new ServedPlans(Main);
        var worker = new Worker(Main, new(), log, null, plans);
        var run = Start(worker, plans, shadow, disagreements);
        worker.Run(Traffic(), Cancel);
        worker.Finish();
        return (log, run, worker);
    }

    static ShadowRun Start(Worker worker, ServedPlans plans, CascadePlan shadow, QueuedSink? disagreements)
    {
        var run = new ShadowRun(worker, (Main, 0), (shadow, plans.Add(shadow, "shadow")), new(), plans, disagreements);
        worker.Use(new(worker.CreateLane(Main, 0), Shadow: run));
        return run;
    }

    static MemorySource Traffic()
    {
        var source = new MemorySource(burstSize: 7);
        for (var i = 0; i < 600; i++)
        {
            source.Udp(i * 11, 1000 + (i * 7 % 101), (i * 13 % 4) + 4, forward: i % 3 > 0);
        }

        return source;
    }

    static (int, long) Key(FlowRecord record) =>
        (Math.Max(record.Flow.SourcePort, record.Flow.DestinationPort), record.Flow.FirstNs);
}
