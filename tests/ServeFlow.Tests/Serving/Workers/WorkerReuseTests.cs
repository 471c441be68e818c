using System.Text;
using CsCheck;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerReuseTests
{
    static readonly WorkerOptions Tight = new()
    {
        MaxUndecided = 4,
        Flows = new() { UdpIdleTimeout = TimeSpan.FromMilliseconds(700), MaxFlows = 6 },
    };

    [Fact]
    public void Finish_AnotherCaptureFollows_GivesTheRecordsOfANewWorker() =>
        Gen.Select(RandomTraffic.Steps, RandomTraffic.Steps).Sample((first, second) =>
        {
            Assert.Equal(Eve(first) + Eve(second), Eve(first, second));
        }, iter: 200);

    [Fact]
    public void Advance_NoPackets_AnswersAndEndsWhatIsDue()
    {
        var log = new RecordLog();
        var worker = new Worker(Plan(1, 3), new(), log);
        worker.Run(new MemorySource().Udp(0, 1000, UnsureOdd), TestContext.Current.CancellationToken);
        worker.Advance(MemorySource.Start + (2000 * MemorySource.Millisecond));
        Assert.Equal(RecordKind.Prediction, Assert.Single(log.Records).Kind);

        worker.Advance(MemorySource.Start + (61_000 * MemorySource.Millisecond));
        Assert.Equal(RecordKind.End, log.Records[1].Kind);
        Assert.Equal((0, 1), (worker.Account.Active, worker.Account.Received));
    }

    static string Eve(params RandomTraffic.Step[][] captures)
    {
        var plan = Plan(1, 1, 3);
        using var stream = new MemoryStream();
        using (var sink = new EveSink(stream, plan, new()))
        {
            var worker = new Worker(plan, Tight, sink);
            foreach (var steps in captures)
            {
                worker.Run(RandomTraffic.Source(steps, 7), TestContext.Current.CancellationToken);
                worker.Finish();
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
