using ServeFlow.Benchmarks.Scale;
using Xunit;

namespace ServeFlow.Tests.Scale;

/// <summary>The simulated batches keep the rules of docs/scale.md.</summary>
public sealed class AwayBatchesTests
{
    readonly EventQueue events = new();
    readonly List<SlowBatch> sent = [];
    readonly Tally tally;
    readonly AwayBatches batches;

    public AwayBatchesTests()
    {
        tally = new(events, 0);
        batches = new(events, SmallSite.CreateTier() with { Credits = 2 }, tally, (_, batch) => sent.Add(batch));
    }

    [Fact]
    public void Add_CreditsAreFree_SendsAtOnce()
    {
        batches.Add(3);
        batches.Add(4);
        batches.Add(5);

        Assert.Equal([3, 4], sent.Select(batch => batch.Flows));
    }

    [Fact]
    public void Complete_WhileFlowsGather_SendsThemAsOneBatch()
    {
        batches.Add(3);
        batches.Add(4);
        batches.Add(5);
        batches.Add(6);
        batches.Complete(sent[0], sent[0].Use, SlowOutcome.Answered);

        Assert.Equal(11, sent[^1].Flows);
        Assert.Equal(3, tally.Flows(SlowOutcome.Answered));
    }

    [Fact]
    public void Add_EveryBatchIsFullOrAway_HasNoCredit()
    {
        batches.Add(1);
        batches.Add(1);
        batches.Add(600);

        Assert.Equal(600 - 512, tally.Flows(SlowOutcome.NoCredit));
    }

    [Fact]
    public void Deadline_BatchIsAway_IsLateAndItsAnswerIsDropped()
    {
        batches.Add(3);
        var use = sent[0].Use;
        events.RunUntil(200_000_000);
        batches.Complete(sent[0], use, SlowOutcome.Answered);

        Assert.Equal(3, tally.Flows(SlowOutcome.Late));
        Assert.Equal(0, tally.Flows(SlowOutcome.Answered));
    }

    /// <summary>A core of the sensor cannot be called off: its credit comes back when it is done.</summary>
    [Fact]
    public void Deadline_OwnCoreComputes_KeepsTheCredit()
    {
        batches.Add(3);
        sent[0].IsLocal = true;
        batches.Add(4);
        sent[1].IsLocal = true;
        events.RunUntil(210_000_000);
        batches.Add(5);

        Assert.Equal(7, tally.Flows(SlowOutcome.Late));
        Assert.Equal(2, sent.Count);
        batches.Complete(sent[0], sent[0].Use, SlowOutcome.Answered);
        Assert.Equal(5, sent[^1].Flows);
    }

    [Fact]
    public void Deadline_BatchWasNeverSent_HasNoCredit()
    {
        batches.Add(1);
        batches.Add(1);
        sent.ForEach(batch => batch.IsLocal = true);
        batches.Add(5);
        events.RunUntil(210_000_000);

        Assert.Equal(5, tally.Flows(SlowOutcome.NoCredit));
    }
}
