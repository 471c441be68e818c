using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.Workers;

public sealed class WorkerAllocationTests
{
    [Fact]
    public void Run_WarmWithNullSink_AllocatesNothing()
    {
        using var sink = new NullSink();
        Assert.Equal(0, AllocatedWhenWarm(sink));
    }

    [Fact]
    public void Run_WarmWithEve_AllocatesNothing()
    {
        using var sink = new EveSink(Stream.Null, Plan(1, 1, 3), new());
        Assert.Equal(0, AllocatedWhenWarm(sink));
    }

    [Fact]
    public void Run_WarmWithUnknownFlows_AllocatesNothing()
    {
        var plan = PlanWithNovelty([MemorySource.Opening(new MemorySource().Udp(0, 1000, SureEven))], 1, 1, 3);
        using var sink = new EveSink(Stream.Null, plan, new());
        Assert.Equal(0, AllocatedWhenWarm(sink, plan));
    }

    [Fact]
    public void Run_WarmWithUnknownProtocols_AllocatesNothing()
    {
        var plan = Plan(1, 1, 3) with { Protocols = new([6], [132]) };
        using var sink = new EveSink(Stream.Null, plan, new());
        Assert.Equal(0, AllocatedWhenWarm(sink, plan));
    }

    /// <summary>
    /// Flows of a round go through windows of all kinds: decided, undecided, waiting for their batch.
    /// </summary>
    [Fact]
    public void Run_WarmWithWindows_AllocatesNothing()
    {
        using var sink = new NullSink();
        Assert.Equal(0, AllocatedWhenWarm(sink, Windows(TimeSpan.FromTicks(3000), 1, 1, 3)));
    }

    static long AllocatedWhenWarm(IRecordSink sink) => AllocatedWhenWarm(sink, Plan(1, 1, 3));

    static long AllocatedWhenWarm(IRecordSink sink, CascadePlan plan)
    {
        var source = Traffic();
        var worker = new Worker(plan, new(), sink);
        for (var round = 0; round < 30; round++)
        {
            Run(worker, source);
        }

        return AllocatedBytes.Min(_ => Run(worker, source));
    }

    /// <summary>Rounds are far apart, so that every flow of the round before has ended.</summary>
    static void Run(Worker worker, MemorySource source)
    {
        worker.Run(source, TestContext.Current.CancellationToken);
        source.Repeat(1_000_000);
    }

    static MemorySource Traffic()
    {
        var source = new MemorySource();
        for (var i = 0; i < 600; i++)
        {
            source.Udp(i, 1000 + i, i % 3 == 0 ? SureEven : UnsureOdd);
            source.Udp(i + 0.5, 1000 + i, SureEven, forward: false);
            source.Tcp(i + 0.6, 1000 + i, 2);
        }

        return source;
    }
}
