using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Tests.Serving.RemoteTiers;

/// <summary>How many flows a batch for a remote tier has.</summary>
public sealed class BatchLimitTests
{
    static readonly TimeSpan deadline = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan over = TimeSpan.FromMilliseconds(-1);

    readonly BatchLimit limit = new(deadline);

    [Fact]
    public void Learn_BatchesAwayTogetherAreLate_HalvesOnce()
    {
        limit.Learn(512, RemoteOutcome.Late, over);
        limit.Learn(512, RemoteOutcome.Late, over);

        Assert.Equal(256, limit.Flows);
    }

    [Fact]
    public void Learn_SmallBatchIsLate_ChangesNothing()
    {
        limit.Learn(256, RemoteOutcome.Late, over);

        Assert.Equal(512, limit.Flows);
    }

    [Fact]
    public void Learn_AlwaysLateThenSoonAgain_FallsToTheLowestAndGrowsToAFullBatch()
    {
        for (var i = 0; i < 20; i++)
        {
            limit.Learn(limit.Flows, RemoteOutcome.Late, over);
        }

        Assert.Equal(BatchLimit.Lowest, limit.Flows);
        for (var i = 0; i < 50; i++)
        {
            limit.Learn(1, RemoteOutcome.Answered, deadline);
        }

        Assert.Equal(RemoteBatch.Capacity, limit.Flows);
    }

    [Theory]
    [InlineData(40, 224)]
    [InlineData(60, 256)]
    [InlineData(90, 256)]
    [InlineData(110, 288)]
    public void Learn_Answered_KeepsBatchesWithinAPartOfTheDeadline(int left, int expected)
    {
        limit.Learn(512, RemoteOutcome.Late, over);
        limit.Learn(256, RemoteOutcome.Answered, TimeSpan.FromMilliseconds(left));

        Assert.Equal(expected, limit.Flows);
    }

    [Theory]
    [InlineData(RemoteOutcome.Lost)]
    [InlineData(RemoteOutcome.Refused)]
    [InlineData(RemoteOutcome.NoCredit)]
    public void Learn_NotComputed_ChangesNothing(RemoteOutcome outcome)
    {
        limit.Learn(512, outcome, over);

        Assert.Equal(512, limit.Flows);
    }

    /// <summary>A server takes a millisecond for each flow, and twice as many come: batches end up such that nearly
    /// all that are sent are answered in time.</summary>
    [Fact]
    public void Learn_ServerTakesTooLongForFullBatches_FindsTheSizeThatIsInTime()
    {
        var (answered, sent) = (0, 0);
        for (var i = 0; i < 1000; i++)
        {
            var flows = limit.Flows;
            var left = deadline - TimeSpan.FromMilliseconds(flows);
            var outcome = left > TimeSpan.Zero ? RemoteOutcome.Answered : RemoteOutcome.Late;
            limit.Learn(flows, outcome, left);
            answered += outcome == RemoteOutcome.Answered ? flows : 0;
            sent += flows;
        }

        Assert.InRange(answered, 0.98 * sent, sent);
        Assert.InRange(limit.Flows, 100, 150);
    }
}
