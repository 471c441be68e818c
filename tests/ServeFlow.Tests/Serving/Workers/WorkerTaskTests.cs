using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>
/// Several tasks over the same flows: each answers as it would alone. Only the order of records may differ: the
/// deadline of one task moves time on for all, and flows that are over by then end at once.
/// </summary>
public sealed class WorkerTaskTests
{
    static readonly CascadePlan[] Cascades =
    [
        Plan(1), Plan(3), Plan(1, 1), Plan(["gerade", "ungerade", "none"], 1, 3), Plan(1, 1, 2, 4),
        PlanWithTimeouts([2, 300], 1, 3), PlanWithTimeouts([150, 3], 1, 1, 2, 4),
        Plan(2, 5) with { WaitLimit = TimeSpan.FromMilliseconds(350) },
        Plan(1, 3) with { Protocols = new([4], [17]) },
        Plan(1, 2) with { Protocols = new([4], [132]) },
        PlanWithNovelty([MemorySource.Opening(new MemorySource().Udp(0, 1000, SureEven))], 1, 2),
    ];

    /// <summary>Short timeouts, so that flows end in all ways while tasks wait, and a table that is full most of the
    /// time.</summary>
    static readonly WorkerOptions Full =
        WorkerPropertyTests.Tight with { MaxUndecided = new WorkerOptions().MaxUndecided };

    /// <summary>The same with room in the table.</summary>
    static readonly WorkerOptions Tight =
        Full with { Flows = Full.Flows with { MaxFlows = new WorkerOptions().Flows.MaxFlows } };

    static Gen<int[]> Choices => Gen.Int[0, Cascades.Length - 1].Array[2, TaskSet.MaxTasks];

    [Fact]
    public void Run_AnyTraffic_EachTaskAnswersAsItWouldAlone() =>
        Gen.Select(RandomTraffic.Steps, Choices, Gen.Bool, Gen.Int[1, 64]).Sample((steps, chosen, tight, burst) =>
        {
            var options = tight ? Tight : new();
            var run = new Run(chosen, options);
            run.Take(RandomTraffic.Source(steps, burst));
            run.Worker.Finish();

            for (var task = 0; task < chosen.Length; task++)
            {
                var (alone, account) = RecordLog.Run(Cascades[chosen[task]], RandomTraffic.Source(steps, 9), options);
                Assert.Equal(alone.Predictions.Select(record => Facts(record, record.Classification)).Order(),
                    run.Log.Predictions.Where(record => record.Model == task)
                        .Select(record => Facts(record, record.Classification)).Order());
                Assert.Equal(alone.Ends.Select(record => Facts(record, record.Classification)).Order(),
                    run.Log.Ends.Select(record => Facts(record, record.AnswerOf(task, run.Plans, out _))).Order());
                Assert.Equal(account.Created, run.DecisionsOf(task));
            }

            Assert.True(run.Worker.Account.Balances);
            Assert.Equal(run.Worker.Account.Created * chosen.Length, run.Worker.Account.Decisions.Total);
            Assert.Equal(0, run.Worker.Undecided);
        });

    [Fact]
    public void Run_AnyBurstSize_GivesTheSameRecords() =>
        Gen.Select(RandomTraffic.Steps, Choices, Gen.Bool).Sample((steps, chosen, tight) =>
        {
            var options = tight ? Full with { MaxUndecided = 4 } : new();
            var single = Records(steps, chosen, options, 1);

            Assert.Equal(single, Records(steps, chosen, options, 7));
            Assert.Equal(single, Records(steps, chosen, options, 1024));
        });

    [Fact]
    public void Run_LittleRoomForUndecidedFlows_EveryTaskOfEveryFlowIsAnswered() =>
        Gen.Select(RandomTraffic.Steps, Choices, Gen.Int[1, 5]).Sample((steps, chosen, room) =>
        {
            var run = new Run(chosen, Full with { MaxUndecided = room });
            run.Take(RandomTraffic.Source(steps, 9));
            run.Worker.Finish();

            Assert.True(run.Worker.Account.Balances);
            Assert.All(Enumerable.Range(0, chosen.Length),
                task => Assert.Equal(run.Worker.Account.Created, run.DecisionsOf(task)));
            Assert.All(run.Log.Ends, record => Assert.All(Enumerable.Range(0, chosen.Length), task =>
            {
                _ = record.AnswerOf(task, run.Plans, out var model);
                Assert.Equal(task, model);
            }));
        });

    [Fact]
    public void Use_AnotherPlanForOneTask_TheOtherTasksAnswerAsBefore() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, 1]).Sample((steps, task) =>
        {
            var half = steps.Length / 2;
            var changed = Served([4, 5], steps, run =>
            {
                var deeper = Plan(1, 7) with { Version = "2", Task = $"task{task}" };
                run.Use(task, deeper);
            }, half);
            var calm = Served([4, 5], steps, _ => { }, half);

            Assert.Equal(calm.Log.Predictions.Where(record => record.Model == 1 - task).Select(Described).Order(),
                changed.Log.Predictions.Where(record => record.Model == 1 - task).Select(Described).Order());
            Assert.True(changed.Worker.Account.Balances);
            Assert.Equal(changed.Worker.Account.Created * 2, changed.Worker.Account.Decisions.Total);
        });

    /// <summary>The deeper plan has memory of its own for headers, into which they are copied.</summary>
    [Fact]
    public void Use_DeeperPlanFromTheStart_AnswersAsItWouldAlone() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[1, 64]).Sample((steps, burst) =>
        {
            var deeper = Plan(2, 7) with { Version = "2" };
            var run = new Run([3, 6], new());
            run.Use(1, deeper with { Task = "task1" });
            run.Take(RandomTraffic.Source(steps, burst));
            run.Worker.Finish();
            var (alone, _) = RecordLog.Run(deeper, RandomTraffic.Source(steps, 9));

            Assert.Equal(alone.Predictions.Select(record => Facts(record, record.Classification)).Order(),
                run.Log.Predictions.Where(record => record.Model == 2)
                    .Select(record => Facts(record, record.Classification)).Order());
        });

    [Fact]
    public void Run_Warm_AllocatesNothing()
    {
        var run = new Run([4, 5, 8], new(), new NullSink());
        var source = new MemorySource();
        for (var i = 0; i < 600; i++)
        {
            source.Udp(i, 1000 + i, i % 3 == 0 ? SureEven : UnsureOdd);
            source.Udp(i + 0.5, 1000 + i, SureEven, forward: false);
            source.Tcp(i + 0.6, 1000 + i, 2);
        }

        for (var round = 0; round < 30; round++)
        {
            Repeat();
        }

        Assert.Equal(0, AllocatedBytes.Min(_ => Repeat()));

        void Repeat()
        {
            run.Take(source);
            source.Repeat(1_000_000);
        }
    }

    [Fact]
    public void Bound_SeveralTasks_CountsTheAnswersOfEach()
    {
        var two = WorkerMemory.Bound(new(), [Plan(1, 10), Plan(1, 10)], 1 << 20);
        var three = WorkerMemory.Bound(new(), [Plan(1, 10), Plan(1, 10), Plan(1, 10)], 1 << 20);

        Assert.InRange(three.MaxUndecided, 64, two.MaxUndecided - 1);
        Assert.InRange(three.Flows.MaxFlows, 64, two.Flows.MaxFlows - 1);
    }

    /// <summary>Two tasks share headers.</summary>
    [Theory]
    [InlineData(1, 1 << 16)]
    [InlineData(1_000, 1 << 16)]
    [InlineData(10_000, 6_553)]
    public void MaxUndecided_Depth_LeavesHeadersTheMemoryOfAThousandPacketsEach(int depth, int expected) =>
        Assert.Equal(expected, WorkerMemory.MaxUndecided([Plan(1, depth), Plan(1, depth)]));

    /// <summary>One task of such a depth keeps what its tier asks of headers.</summary>
    [Fact]
    public void Bound_TierOfManyPackets_CountsWhatIsKeptOfThem()
    {
        var deep = Plan(1, 10_000);
        Assert.SkipWhen(PlanRows.TryCreate(deep) is null, "the reference engine has to see headers");

        Assert.Equal(new WorkerOptions().MaxUndecided, WorkerMemory.MaxUndecided([deep]));
        Assert.Equal(new WorkerOptions().MaxUndecided, WorkerMemory.Bound(new(), [deep], 64 << 20).MaxUndecided);
        Assert.Throws<InputException>(() => WorkerMemory.Bound(new(), [deep, deep], 64 << 20));
    }

    static Run Served(int[] chosen, RandomTraffic.Step[] steps, Action<Run> change, int after)
    {
        var run = new Run(chosen, new());
        var all = RandomTraffic.Source(steps, 1);
        var count = 0;
        run.Take(new ChangingSource(all, () =>
        {
            if (count++ == after)
            {
                change(run);
            }
        }));
        run.Worker.Finish();
        return run;
    }

    static string Records(RandomTraffic.Step[] steps, int[] chosen, WorkerOptions options, int burst)
    {
        var run = new Run(chosen, options);
        run.Take(RandomTraffic.Source(steps, burst));
        run.Worker.Finish();
        return string.Join('\n', run.Log.Records.Select(record => $"{record.Kind} {record.Model} {Described(record)}"
            + string.Join(' ', record.Kind == RecordKind.Prediction ? []
                : Enumerable.Range(0, chosen.Length)
                    .Select(task => Facts(record, record.AnswerOf(task, run.Plans, out _)).ToString()))));
    }

    static string Described(FlowRecord record) => Facts(record, record.Classification).ToString();

    static (long, long, int, uint, EndReason, int, float, int, DecisionReason, int) Facts(in FlowRecord record,
        in Classification answer) =>
        (record.TimestampNs, record.Flow.FirstNs, record.Flow.SourcePort, record.Flow.PacketsForward,
            record.Kind == RecordKind.End ? record.EndReason : default, answer.LabelId, answer.Confidence, answer.Tier,
            answer.Reason, answer.PacketsUsed);

    sealed class Run
    {
        readonly IReadOnlyList<CascadePlan> tasks;

        public Run(int[] chosen, WorkerOptions options, IRecordSink? sink = null)
        {
            tasks = TaskSet.Create([.. chosen.Select((plan, task) => ($"task{task}", Cascades[plan]))]);
            Plans = ServedPlans.FromTasks(tasks, [.. tasks.Select(_ => "first")]);
            Worker = new(tasks, options, sink ?? Log, Plans);
        }

        public RecordLog Log { get; } = new();

        public ServedPlans Plans { get; }

        public Worker Worker { get; }

        public void Use(int task, CascadePlan plan)
        {
            var lanes = tasks.Select((one, i) => Worker.CreateLane(one, i, i)).ToArray();
            lanes[task] = Worker.CreateLane(plan, Plans.Add(plan, plan.Version), task);
            Worker.Use(new(lanes[0]) { Further = lanes[1..] });
        }

        public void Take(IPacketSource source) => Worker.Run(source, TestContext.Current.CancellationToken);

        public long DecisionsOf(int task)
        {
            var sum = 0L;
            for (var tier = 0; tier < Plans.TierNames.Count; tier++)
            {
                sum += Plans.TierTasks[tier] == $"task{task}" ? Worker.Account.DecisionsByTier[tier] : 0;
            }

            return sum;
        }
    }
}
