using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Captures;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;

namespace ServeFlow.Tests.Serving.Captures;

/// <summary>
/// Real captures classified for several tasks at once: each answers as its bundle alone does. Only the order of records
/// may differ: the deadline of one task moves time on for all, and flows that are over by then end at once.
/// </summary>
public sealed class TaskSweepTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-tasks-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("iot_device", 1)]
    [InlineData("iot_device", 2)]
    [InlineData("protocol", 1)]
    [InlineData("protocol", 2)]
    [InlineData("video_resolution", 1)]
    [InlineData("video_resolution", 2)]
    public void Run_RealCaptures_EachTaskAnswersAsItsBundleAlone(string captures, int workers)
    {
        var set = CaptureSet.Find(TestData.Require(captures), stop: TestContext.Current.CancellationToken);
        var alone = new[] { Load("first", 1), Load("second", 4), TinyCascade.PlanWithTimeouts([40, 900], 1, 3) };
        var tasks = TaskSet.Create([.. alone.Select((plan, i) => ($"task{i}", plan))]);
        var plans = ServedPlans.FromTasks(tasks, ["a", "b", "c"]);
        var (together, account) = Sweep(tasks, plans, set, workers);

        Assert.True(account.Balances);
        for (var task = 0; task < alone.Length; task++)
        {
            var (expected, one) = Sweep([alone[task]], new(alone[task]), set, workers);
            Assert.Equal(expected.Predictions.Select(record => Facts(record, record.Classification)).Order(),
                together.Predictions.Where(record => record.Model == task)
                    .Select(record => Facts(record, record.Classification)).Order());
            Assert.Equal(expected.Ends.Select(record => Facts(record, record.Classification)).Order(),
                together.Ends.Select(record => Facts(record, record.AnswerOf(task, plans, out _))).Order());
            Assert.Equal(one.DecisionsByTier.ToArray(), account.DecisionsByTier.ToArray()
                .Where((_, tier) => plans.TierTasks[tier] == $"task{task}"));
            Assert.Equal((one.Received, one.Tracked, one.Created),
                (account.Received, account.Tracked, account.Created));
        }
    }

    static (RecordLog Log, Account Account) Sweep(IReadOnlyList<CascadePlan> tasks, ServedPlans plans, CaptureSet set,
        int workers)
    {
        var log = new RecordLog();
        var sweep = new CaptureSweep(tasks, plans, new(), log);
        Assert.All(sweep.Run(set, workers, TestContext.Current.CancellationToken),
            outcome => Assert.True(outcome.IsReadable));
        return (log, sweep.Account);
    }

    static (long, ulong, int, float, int, DecisionReason, int) Facts(in FlowRecord record, in Classification answer) =>
        (record.TimestampNs, record.Flow.Key.LowAddress.Low ^ record.Flow.Key.HighAddress.Low, answer.LabelId,
            answer.Confidence, answer.Tier, answer.Reason, answer.PacketsUsed);

    CascadePlan Load(string name, int packets)
    {
        var path = Path.Combine(folder, name);
        SmallBundle.Write(path, packets);
        return Bundle.Load(path, ModelFormats.BuiltIn).Plan;
    }
}
