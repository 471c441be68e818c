using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

/// <summary>
/// Flows whose deadlines fall on the same nanosecond: they are answered in order of arrival, however packets are cut
/// into bursts, and whether a deadline is the wait limit's or an escalation timeout's.
/// </summary>
public sealed class WorkerEqualDeadlineTests
{
    /// <summary>The wait limit is a second: that is how long an unsure "even" waits for the next tier, and a flow of
    /// one packet for the first.</summary>
    static readonly CascadePlan[] Cascades =
    [
        PlanWithTimeouts([1000, 250], 1, 3), PlanWithTimeouts([4000, 500], 2, 4), PlanWithTimeouts([750, 250], 1, 2, 4),
        PlanWithTimeouts([500, 500], 2, 3, 5), Plan(1, 3), Plan(3),
        Plan(2, 5) with { WaitLimit = TimeSpan.FromMilliseconds(500) },
    ];

    /// <summary>Flows end soon, so that others take their places in the table.</summary>
    static readonly WorkerOptions Short = new()
    {
        Flows = new()
        {
            UdpIdleTimeout = TimeSpan.FromMilliseconds(1500),
            TcpIdleTimeout = TimeSpan.FromSeconds(2),
            TcpCloseLinger = TimeSpan.FromMilliseconds(250),
        },
    };

    [Fact]
    public void Run_AnyBurstSize_GivesTheSameRecords() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1].Array[1, 3], Gen.Int[2, 64]).Sample(
            (steps, chosen, burst) => Assert.Equal(Records(steps, chosen, 1), Records(steps, chosen, burst)),
            iter: 300);

    /// <summary>
    /// Flow 1001 has its last packet shortly before the deadline of all three: a burst of one packet answers it then,
    /// and in a long one it still stands in a batch. Flow 1003 came last and has the place of 1000, which has ended.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Run_OneOfThreeIsAnsweredBefore_TheOthersFollowInOrderOfArrival(int burst)
    {
        var source = new MemorySource(burst)
            .Udp(0, 1000, SureEven).Udp(1, 1000, SureEven)
            .Udp(1400, 1001, UnsureEven).Udp(1400, 1002, UnsureEven).Udp(1410, 1001, UnsureEven)
            .Udp(1600, 1003, UnsureOdd).Udp(1700, 1004, UnsureEven).Udp(1750, 1004, UnsureEven)
            .Udp(1900, 1003, UnsureOdd) // waits half a second
            .Udp(2260, 1001, UnsureEven) // what stands in batches is answered: 1004 might wait no longer
            .Udp(2300, 1001, SureEven).Tick(2500);
        var (log, _) = RecordLog.Run(Cascades[1], source, Short);

        Assert.Equal([1000, 1001, 1002, 1003, 1004],
            log.Predictions.Select(record => (int)record.Flow.SourcePort));
        Assert.Equal(log.Predictions[2].TimestampNs, log.Predictions[3].TimestampNs);
    }

    /// <summary>Gets the records in their order, of packets that come every quarter of a second, many at a time.
    /// </summary>
    static List<(int, long, int, float, int)> Records(RandomTraffic.Step[] steps, int[] chosen, int burst)
    {
        var now = 0.0;
        double[] times = [.. steps.Select(step => now += step.PauseMs is 0 or > 3 ? 250 * (step.PauseMs % 5) : 0)];
        var tasks = chosen.Length == 1 ? [Cascades[chosen[0]]]
            : TaskSet.Create([.. chosen.Select((plan, task) => ($"task{task}", Cascades[plan]))]);
        var log = new RecordLog();
        var worker = new Worker(tasks, Short, log, ServedPlans.FromTasks(tasks, [.. tasks.Select(_ => "first")]));
        worker.Run(RandomTraffic.Source(steps, times, burst), TestContext.Current.CancellationToken);
        worker.Finish();
        return [.. log.Records.Select(record => (record.Flow.SourcePort + (record.Model << 16), record.TimestampNs,
            (int)record.Kind, record.Classification.Confidence, record.Classification.PacketsUsed))];
    }
}
