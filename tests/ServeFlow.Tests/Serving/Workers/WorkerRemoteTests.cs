using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>Flows that a tier in another process answers, or does not.</summary>
public sealed class WorkerRemoteTests
{
    static readonly CascadePlan[] Cascades =
    [
        Plan(1, 1), Plan(1, 3), Plan(3, 3), Plan(1, 1, 2, 4), PlanWithTimeouts([2, 300], 1, 3),
        Windows(TimeSpan.FromMilliseconds(500), 1, 3),
    ];

    static readonly WorkerOptions ShortTimeouts =
        WorkerPropertyTests.Tight with { MaxUndecided = new WorkerOptions().MaxUndecided };

    [Fact]
    public void Run_WorkerWaits_GivesTheBytesOfOneProcess() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Gen.Int[1, 30]).Sample((steps, i, burst) =>
            Assert.Equal(Eve(Cascades[i], steps, burst),
                Eve(RemoteModel.Apply(Cascades[i], new ScriptedTier(Cascades[i]), waits: true), steps, burst)),
            iter: 50);

    [Fact]
    public void Run_AnswersComeLater_TheRecordsAreThoseOfOneProcess() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Gen.Int[1, 30]).Sample((steps, i, burst) =>
        {
            var remote = RemoteModel.Apply(Cascades[i], new ScriptedTier(Cascades[i]), waits: false);
            Assert.Equal(Sorted(Eve(Cascades[i], steps, burst)), Sorted(Eve(remote, steps, burst)));
        }, iter: 50);

    [Fact]
    public void Run_SomeBatchesFail_EveryFlowIsAnsweredOnce() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Gen.Int[0, 3]).Sample((steps, i, seed) =>
        {
            var tier = new ScriptedTier(Cascades[i])
            {
                Credits = 1 + seed,
                Script = number => (RemoteOutcome)((number + seed) % 4),
            };
            var (log, account) = RecordLog.Run(RemoteModel.Apply(Cascades[i], tier, waits: false),
                RandomTraffic.Source(steps, 5), ShortTimeouts);

            Assert.True(account.Balances);
            Assert.Equal(0, account.Undecided);
            Assert.Equal(account.Units, log.Predictions.Count);
            Assert.Equal(account.Created, log.Ends.Count);
            Assert.Equal(account.Decisions[DecisionReason.TierUnavailable],
                account.Remote.TotalFlows - account.Remote.Flows(LastTier(i), RemoteOutcome.Answered));
            Assert.All(log.Ends, end => Assert.True(DecisionTag.IsDecided(end.Flow.Tag)));
        }, iter: 50);

    [Theory]
    [InlineData(RemoteOutcome.Lost)]
    [InlineData(RemoteOutcome.Refused)]
    [InlineData(RemoteOutcome.Late)]
    public void Run_BatchFails_TheTierBeforeAnswers(RemoteOutcome outcome)
    {
        var tier = new ScriptedTier(Plan(1, 3)) { Script = _ => outcome };
        var (log, account) = Run(tier, new MemorySource().Udp(0, 1000, UnsureOdd).Udp(2, 1000, SureEven)
            .Udp(4, 1000, SureEven));

        var answer = Assert.Single(log.Predictions);
        Assert.Equal((Odd, 0, DecisionReason.TierUnavailable, 1), (answer.Classification.LabelId,
            answer.Classification.Tier, answer.Classification.Reason, answer.Classification.PacketsUsed));
        Assert.Equal(3, answer.PacketNumber);
        Assert.Equal(0.6f, answer.Classification.Confidence, 1e-6f);
        Assert.Equal((1, 1), (account.Remote.Flows(1, outcome), account.Remote.Batches(1, outcome)));
        Assert.Equal([1, 0], account.DecisionsByTier.ToArray());
        Assert.Equal([0, 0], account.Waiting.ToArray());
    }

    [Fact]
    public void Run_FlowOfFewPacketsIsLost_SaysThatTheTierIsUnavailable()
    {
        var tier = new ScriptedTier(Plan(2, 3)) { Script = _ => RemoteOutcome.Lost };
        var (log, _) = RecordLog.Run(RemoteModel.Apply(Plan(2, 3), tier, waits: false),
            new MemorySource().Udp(0, 1000, SureOdd));

        Assert.Equal(DecisionReason.TierUnavailable, Assert.Single(log.Predictions).Classification.Reason);
    }

    [Fact]
    public void Run_NoAnswerByTheDeadline_TheTierBeforeAnswersAndTheLateAnswerIsDropped()
    {
        var tier = new ScriptedTier(Plan(1, 1)) { Script = _ => null, Deadline = TimeSpan.FromMilliseconds(30) };
        var log = new RecordLog();
        var worker = new Worker(RemoteModel.Apply(Plan(1, 1), tier, waits: false), new(), log);

        worker.Run(new MemorySource().Udp(0, 1000, UnsureOdd), TestContext.Current.CancellationToken);
        worker.Finish();
        tier.AnswerKept();
        worker.Run(new MemorySource().Udp(9_000_000, 2000, SureOdd), TestContext.Current.CancellationToken);
        worker.Finish();

        Assert.Equal([DecisionReason.TierUnavailable, DecisionReason.Confident],
            log.Predictions.Select(record => record.Classification.Reason));
        Assert.Equal((1, 0), (worker.Account.Remote.Flows(1, RemoteOutcome.Late),
            worker.Account.Remote.Flows(1, RemoteOutcome.Answered)));
        Assert.True(worker.Account.Balances);
    }

    [Fact]
    public void Run_NoAnswerYet_PacketsGoOnAndTheEndWaits()
    {
        var tier = new ScriptedTier(Plan(1, 1)) { Script = _ => null };
        var log = new RecordLog();
        var worker = new Worker(RemoteModel.Apply(Plan(1, 1), tier, waits: false), new(), log);

        worker.Run(new MemorySource().Tcp(0, 1000, 2).Tcp(1, 1000, 4).Udp(2, 2000, SureOdd),
            TestContext.Current.CancellationToken); // SYN, RST: the flow is over
        Assert.Equal(SureOdd % 2, Assert.Single(log.Records).Classification.LabelId);
        Assert.Equal(1, worker.Account.Undecided);
        Assert.True(SpinWait.SpinUntil(() => tier.Kept.Count == 1, TimeSpan.FromSeconds(20)));
        tier.AnswerKept();
        worker.Finish();

        Assert.Equal([RecordKind.Prediction, RecordKind.Prediction, RecordKind.End, RecordKind.End],
            log.Records.Select(record => record.Kind).Order());
        Assert.Equal(1000, log.Ends.Find(end => end.Flow.Key.Protocol == 6).Flow.SourcePort);
        Assert.Equal(1, worker.Account.Remote.Flows(1, RemoteOutcome.Answered));
    }

    [Fact]
    public async Task Run_MoreFlowsThanCreditsAllow_TheOthersAreAnsweredAtOnce()
    {
        const int Flows = 3000;
        var tier = new ScriptedTier(Plan(1, 1)) { Script = _ => null, Credits = 2 };
        var log = new RecordLog();
        var worker = new Worker(RemoteModel.Apply(Plan(1, 1), tier, waits: false), new(), log);
        var source = new MemorySource();
        for (var i = 0; i < Flows; i++)
        {
            source.Udp(i * 0.01, 1000 + i, UnsureOdd);
        }

        worker.Run(source, TestContext.Current.CancellationToken);

        Assert.Equal(Flows - (3 * RemoteBatch.Capacity), log.Predictions.Count);
        Assert.All(log.Predictions, record =>
            Assert.Equal(DecisionReason.TierUnavailable, record.Classification.Reason));
        Assert.True(SpinWait.SpinUntil(() => tier.Kept.Count == 2, TimeSpan.FromSeconds(20)));
        tier.AnswerKept();
        var rest = AnswerAll(tier, worker);
        worker.Finish();
        Assert.True(await rest);

        var remote = worker.Account.Remote;
        Assert.Equal((Flows - (3 * RemoteBatch.Capacity), 3 * RemoteBatch.Capacity),
            (remote.Flows(1, RemoteOutcome.NoCredit), remote.Flows(1, RemoteOutcome.Answered)));
        Assert.Equal([512, 512, 512], tier.Batches);
        Assert.True(worker.Account.Balances);
    }

    [Fact]
    public async Task Run_NoRoomForUndecidedFlows_OnesThatAreAwayLeaveRoom()
    {
        var tier = new ScriptedTier(Plan(1, 3)) { Script = _ => null };
        var log = new RecordLog();
        var worker = new Worker(RemoteModel.Apply(Plan(1, 3), tier, waits: false), new() { MaxUndecided = 8 }, log);
        var source = new MemorySource(burstSize: 4);
        for (var i = 0; i < 100; i++)
        {
            source.Udp(i, 1000 + i, UnsureOdd).Udp(i + 0.1, 1000 + i, UnsureOdd);
            source.Udp(i + 0.2, 1000 + (i / 2), UnsureOdd);
        }

        worker.Run(source, TestContext.Current.CancellationToken);
        Assert.InRange(worker.Account.Undecided, 4, 8);
        var rest = AnswerAll(tier, worker);
        worker.Finish();

        Assert.True(await rest);
        Assert.Equal(100, log.Predictions.Count);
        Assert.True(worker.Account.Balances);
        Assert.True(worker.Account.Decisions[DecisionReason.Overload] > 0);
    }

    /// <summary>Each lane alone may have half of the room away; together they would have all of it.</summary>
    [Fact]
    public async Task Run_TwoLanesThatSendAway_LeaveRoomTogether()
    {
        var tier = new ScriptedTier(Plan(1, 1)) { Script = _ => null };
        var plan = RemoteModel.Apply(Plan(1, 1), tier, waits: false);
        var (log, plans) = (new RecordLog(), new ServedPlans(plan));
        var worker = new Worker(plan, new() { MaxUndecided = 8 }, log, null, plans);
        var lanes = new[] { "a", "b" }.Select(key => worker.CreateLane(plan, plans.Add(plan, key))).ToArray();
        worker.Use(new(lanes[0], lanes[1], 0.5));
        var source = new MemorySource(burstSize: 4);
        for (var i = 0; i < 100; i++)
        {
            source.Udp(i, 1000 + i, UnsureOdd);
        }

        worker.Run(source, TestContext.Current.CancellationToken);
        Assert.Equal(4, worker.Account.Undecided);
        var rest = AnswerAll(tier, worker);
        worker.Finish();

        Assert.True(await rest);
        Assert.Equal(100, log.Predictions.Count);
        Assert.True(worker.Account.Balances);
    }

    [Fact]
    public void Run_WarmWithARemoteTier_AllocatesNothing()
    {
        using var sink = new NullSink();
        var plan = RemoteModel.Apply(Plan(1, 1, 3), new ScriptedTier(Plan(1, 1, 3)), waits: false);
        var worker = new Worker(plan, new(), sink);
        var source = new MemorySource();
        for (var i = 0; i < 600; i++)
        {
            source.Udp(i, 1000 + i, i % 3 == 0 ? SureEven : UnsureOdd).Udp(i + 0.5, 1000 + i, UnsureEven)
                .Udp(i + 0.6, 1000 + i, SureEven);
        }

        for (var round = 0; round < 30; round++)
        {
            Round();
        }

        // Threads of the pool answer: on a busy machine the first of them may come late.
        Assert.True(SpinWait.SpinUntil(HasAnswer, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, AllocatedBytes.Min(_ => Round()));

        bool HasAnswer()
        {
            Round();
            return worker.Account.Remote.Flows(2, RemoteOutcome.Answered) > 0;
        }

        void Round()
        {
            worker.Run(source, TestContext.Current.CancellationToken);
            source.Repeat(1_000_000);
        }
    }

    [Fact]
    public void Apply_PlanOfOneTier_SaysWhatIsMissing()
    {
        var error = Assert.Throws<InputException>(() =>
            RemoteModel.Apply(Plan(3), new ScriptedTier(Plan(3)), waits: false));

        Assert.Contains("train with two tiers or more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WorkerWaitsAndNobodyAnswers_SaysWhatIsWrong()
    {
        var tier = new ScriptedTier(Plan(1, 1)) { Script = _ => RemoteOutcome.Lost, Problem = "connection refused" };
        var plan = RemoteModel.Apply(Plan(1, 1), tier, waits: true);

        var error = Assert.Throws<InputException>(() =>
            RecordLog.Run(plan, new MemorySource().Udp(0, 1000, UnsureOdd)));

        Assert.Contains("scripted: connection refused; a run over captures", error.Message, StringComparison.Ordinal);
    }

    static int LastTier(int cascade) => Cascades[cascade].Tiers.Count - 1;

    static (RecordLog Log, Account Account) Run(ScriptedTier tier, MemorySource source) =>
        RecordLog.Run(RemoteModel.Apply(Plan(1, 3), tier, waits: false), source);

    static string[] Sorted(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    static Task<bool> AnswerAll(ScriptedTier tier, Worker worker) => Task.Run(() => SpinWait.SpinUntil(() =>
    {
        tier.AnswerKept();
        return worker.Account.Undecided == 0;
    }, TimeSpan.FromSeconds(20)), TestContext.Current.CancellationToken);

    static string Eve(CascadePlan plan, RandomTraffic.Step[] steps, int burstSize) =>
        WorkerPropertyTests.Eve(plan, steps, burstSize, ShortTimeouts);
}
