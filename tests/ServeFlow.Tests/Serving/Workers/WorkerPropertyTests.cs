using System.Text;
using CsCheck;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerPropertyTests
{
    static readonly CascadePlan[] Cascades =
    [
        TinyCascade.Plan(1), TinyCascade.Plan(3), TinyCascade.Plan(1, 1), TinyCascade.Plan(1, 3),
        TinyCascade.Plan(1, 1, 2, 4), TinyCascade.PlanWithTimeouts([2, 300], 1, 3),
        TinyCascade.PlanWithTimeouts([150, 3], 1, 1, 2, 4),
    ];

    /// <summary>Short timeouts and little room, so that every rule meets every other.</summary>
    internal static readonly WorkerOptions Tight = new()
    {
        MaxUndecided = 4,
        Flows = new()
        {
            UdpIdleTimeout = TimeSpan.FromMilliseconds(700),
            TcpIdleTimeout = TimeSpan.FromSeconds(3),
            ActiveTimeout = TimeSpan.FromSeconds(10),
            MaxFlows = 6,
        },
    };

    [Fact]
    public void Run_AnyBurstSize_GivesTheSameBytes() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Gen.Bool).Sample((steps, cascade, tight) =>
        {
            var options = tight ? Tight : new();
            var single = Eve(Cascades[cascade], steps, 1, options);

            Assert.Equal(single, Eve(Cascades[cascade], steps, 7, options));
            Assert.Equal(single, Eve(Cascades[cascade], steps, 1024, options));
        });

    [Fact]
    public void Run_AnyTraffic_AccountsForEveryPacketAndFlow() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[0, Cascades.Length - 1], Gen.Bool).Sample((steps, cascade, tight) =>
        {
            var (log, account) = RecordLog.Run(Cascades[cascade], RandomTraffic.Source(steps, 9),
                tight ? Tight : new());

            Assert.True(account.Balances);
            Assert.Equal(steps.Length, account.Received);
            Assert.Equal(0, account.Active);
            Assert.Equal(account.Created, account.Decisions.Total);
            Assert.Equal(account.Created, log.Predictions.Count);
            Assert.Equal(account.Created, log.Ends.Count);
        });

    /// <summary>Gets the records of random traffic as EVE.</summary>
    internal static string Eve(CascadePlan plan, RandomTraffic.Step[] steps, int burstSize, WorkerOptions options) =>
        Eve(plan, options, RandomTraffic.Source(steps, burstSize));

    /// <summary>Gets the records of all packets of a source as EVE.</summary>
    internal static string Eve(CascadePlan plan, WorkerOptions options, IPacketSource source)
    {
        using var stream = new MemoryStream();
        using (var sink = new EveSink(stream, plan, new()))
        {
            var worker = new Worker(plan, options, sink);
            worker.Run(source, TestContext.Current.CancellationToken);
            worker.Finish();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
