using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;
using Xunit;
using static ServeFlow.Tests.Serving.TinyCascade;

namespace ServeFlow.Tests.Serving.RemoteTiers;

/// <summary>How flows that wait for a remote tier are gathered.</summary>
public sealed class AwayFlowsTests
{
    [Fact]
    public void FindRoom_FullBatchWasLate_TheNextOnesAreHalfAsLarge()
    {
        var plan = Plan(1, 1);
        var tier = new ScriptedTier(plan)
        {
            Credits = 1,
            Script = number => number == 0 ? RemoteOutcome.Late : null,
        };
        var away = new AwayFlows(tier, 1, plan.Labels.Count);
        Assert.Equal(2 * RemoteBatch.Capacity, AddAll(away));

        AwayBatch? late = null;
        Assert.True(SpinWait.SpinUntil(() => (late = away.TakeDue(out _)) is not null, TimeSpan.FromSeconds(20)));
        away.Release(late!);
        away.Ship(); // the one that had gathered meanwhile, which is full

        Assert.Equal(RemoteBatch.Capacity / 2, AddAll(away));
    }

    /// <summary>Adds flows until there is no room; returns their number.</summary>
    static int AddAll(AwayFlows away)
    {
        var flows = 0;
        for (; away.FindRoom() is { } batch; flows++)
        {
            batch.Add(flows, default);
            batch.Data.Add([default(HeaderRecord)]);
        }

        return flows;
    }
}
