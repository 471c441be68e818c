using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerWindowPropertyTests
{
    /// <summary>A quarter of the usual hundred: each goes through many windows, on several workers.</summary>
    const int Draws = 25;

    static readonly int[][] Cascades = [[1], [3], [1, 3], [1, 1, 2, 4], [1, 3], [1, 1, 2, 4]];

    static readonly Gen<TimeSpan> Lengths = Gen.Int[0, 5]
        .Select(i => TimeSpan.FromMilliseconds(new[] { 1, 3, 50, 300, 2000, 30_000 }[i]));

    /// <summary>Little room and short timeouts, so that windows end in every way there is.</summary>
    static readonly WorkerOptions Tight = WorkerPropertyTests.Tight with { MaxUndecided = 3 };

    [Fact]
    public void Run_AnyTraffic_AnswersAsSlowSplitter() =>
        Gen.Select(RandomTraffic.Steps, Lengths).Sample((steps, length) =>
        {
            var (log, account) = RecordLog.Run(TinyCascade.Windows(length, 1, 3), RandomTraffic.Source(steps, 9));
            var expected = new ReferenceWindows(RandomTraffic.Source(steps, 1), length).Answers;
            var answered = log.Predictions.Select(record => (FlowId.Compute(record.Flow),
                (record.Flow.LastNs - record.Flow.FirstNs) / (long)length.TotalNanoseconds,
                record.Classification.LabelId, record.Classification.PacketsUsed));

            Assert.Equal(expected.Order(), answered.Order());
            Assert.Equal(account.Units, log.Predictions.Count);
        }, iter: Draws);

    [Fact]
    public void Run_AnyBurstSize_GivesTheSameBytes() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Lengths, Gen.Bool).Sample(
            (steps, cascade, length, tight) =>
            {
                var plan = Plan(length, cascade);
                var single = Eve(steps, 1, plan, tight);

                Assert.Equal(single, Eve(steps, 7, plan, tight));
                Assert.Equal(single, Eve(steps, 1024, plan, tight));
            }, iter: Draws);

    [Fact]
    public void Run_AnyTraffic_AccountsForEveryWindow() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Lengths, Gen.Bool).Sample(
            (steps, cascade, length, tight) =>
            {
                var (log, account) = RecordLog.Run(Plan(length, cascade),
                    RandomTraffic.Source(steps, 9), tight ? Tight : new());

                Assert.True(account.Balances);
                Assert.Equal((0, 0), (account.Active, account.Undecided));
                Assert.Equal(account.Units, account.Decisions.Total);
                Assert.Equal(account.Units, log.Predictions.Count);
                Assert.Equal(account.Created, log.Ends.Count);
                // A tuple used twice at the same moment makes two flows of one id.
                Assert.All(log.Ends.GroupBy(end => FlowId.Compute(end.Flow)).Where(ends => ends.Count() == 1),
                    ends => Assert.Equal(LastOf(log, ends.First()), ends.First().Classification.LabelId));
            }, iter: Draws);

    [Fact]
    public void Run_SharedByWorkers_GivesTheSameRecords() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Lengths, Gen.Int[2, 4]).Sample(
            (steps, cascade, length, workers) =>
            {
                var plan = Plan(length, cascade);
                var alone = Eve(steps, 64, plan, tight: false);
                var together = Enumerable.Range(0, workers).Select(worker => WorkerPropertyTests.Eve(plan, new(),
                    new SharedSource(RandomTraffic.Source(steps, 64), worker, workers)));
                Assert.Equal(Sorted(alone), Sorted(string.Concat(together)));
            }, iter: Draws);

    [Fact]
    public void Run_ClockGoesBackwards_SharedByWorkersGivesTheSameRecords() =>
        Gen.Select(Gen.Select(Gen.Int[0, 40], Gen.Int[-3000, 3000]).Array[1, 60], Lengths).Sample((steps, length) =>
        {
            MemorySource Source()
            {
                var (source, now) = (new MemorySource(7), 10_000.0);
                foreach (var (host, pause) in steps)
                {
                    source.Udp(now += pause, 1000 + (host % 7), host % 8, client: $"10.0.0.{3 + (host / 8)}");
                }

                return source;
            }

            var plan = TinyCascade.Windows(length, 1, 3);
            var together = Enumerable.Range(0, 3).Select(worker =>
                WorkerPropertyTests.Eve(plan, new(), new SharedSource(Source(), worker, 3)));
            Assert.Equal(Sorted(WorkerPropertyTests.Eve(plan, new(), Source())), Sorted(string.Concat(together)));
        }, iter: Draws);

    /// <summary>The label of the flow's window that began last.</summary>
    static int LastOf(RecordLog log, FlowRecord end) => log.Predictions
        .Where(record => FlowId.Compute(record.Flow) == FlowId.Compute(end.Flow))
        .MaxBy(record => record.Classification.FirstNs)
        .Classification.LabelId;

    /// <summary>The last two cascades are not equally patient with all answers.</summary>
    static CascadePlan Plan(TimeSpan length, int cascade) => cascade < Cascades.Length - 2
        ? TinyCascade.Windows(length, Cascades[cascade])
        : TinyCascade.WindowsWithTimeouts(length, [20, 200], Cascades[cascade]);

    static string[] Sorted(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    static string Eve(RandomTraffic.Step[] steps, int burstSize, CascadePlan plan, bool tight) =>
        WorkerPropertyTests.Eve(plan, tight ? Tight : new(), RandomTraffic.Source(steps, burstSize));
}
