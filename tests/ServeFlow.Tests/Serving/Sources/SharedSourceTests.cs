using System.Text;
using CsCheck;
using ServeFlow.Packets;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Serving.Sources;

public sealed class SharedSourceTests
{
    [Fact]
    public void Poll_AnyTraffic_WorkersTogetherGiveTheRecordsOfOne() =>
        Gen.Select(RandomTraffic.Steps, Gen.Int[2, 5]).Sample((steps, workers) =>
        {
            var (one, alone) = Run(() => RandomTraffic.Source(steps, 9), 1);
            var (many, together) = Run(() => RandomTraffic.Source(steps, 9), workers);

            Assert.Equal(one, many);
            Assert.Equal(alone.Received, together.Received);
            Assert.Equal(alone.Created, together.Created);
            Assert.Equal(alone.Ignored.Total, together.Ignored.Total);
            Assert.True(together.Balances);
        });

    [Fact]
    public void Poll_ClockGoesBackwards_WorkersSeeTheTimeOfAll() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[-3000, 3000]).Array[1, 60].Sample(steps =>
        {
            MemorySource Source()
            {
                var (source, now) = (new MemorySource(7), 10_000.0);
                foreach (var (host, pause) in steps)
                {
                    source.Add(now += pause, Hosts(host));
                }

                return source;
            }

            var (one, alone) = Run(Source, 1);
            var (many, together) = Run(Source, 3);

            Assert.Equal(one, many);
            Assert.Equal(alone.Events.Total, together.Events.Total);
        });

    [Fact]
    public void Poll_ManyHosts_EveryWorkerHasItsShare()
    {
        var source = new MemorySource();
        for (var host = 0; host < 4000; host++)
        {
            source.Add(host, Hosts(host));
        }

        var shares = Enumerable.Range(0, 4).Select(worker =>
        {
            source.Repeat(0);
            var (burst, mine) = (new PacketBurst(), 0);
            for (var share = new SharedSource(source, worker, 4); share.Poll(burst);)
            {
                mine += burst.Packets.ToArray().Count(packet => !packet.IsTick);
            }

            return mine;
        }).ToArray();

        Assert.Equal(4000, shares.Sum());
        Assert.All(shares, share => Assert.InRange(share, 800, 1200));
    }

    static byte[] Hosts(int host) => Frame.Ethernet(Frame.Ip4,
        Frame.Ipv4($"10.0.{host / 200}.{host % 200}", "10.9.0.1", 6, Frame.Tcp(1000, 80, 2)));

    /// <summary>The sorted lines that so many workers write together, and what they counted.</summary>
    static (string[] Lines, Account Account) Run(Func<MemorySource> open, int workers)
    {
        var plan = TinyCascade.Plan(1, 3);
        var (lines, account) = (new List<string>(), new Account(2));
        for (var i = 0; i < workers; i++)
        {
            using var stream = new MemoryStream();
            using (var sink = new EveSink(stream, plan, new()))
            {
                var worker = new Worker(plan, new(), sink);
                worker.Run(new SharedSource(open(), i, workers), TestContext.Current.CancellationToken);
                worker.Finish();
                account.Add(worker.Account);
            }

            lines.AddRange(Encoding.UTF8.GetString(stream.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return ([.. lines.Order(StringComparer.Ordinal)], account);
    }
}
