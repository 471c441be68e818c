using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Serving.Workers.KeptPackets;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Changes the plan that answers, between two bursts: new flows go to another lane, and those that wait for their
/// answer stay in theirs. docs/changing-models.md.
/// </summary>
public sealed partial class Worker
{
    /// <summary>Limits the plans that flows may wait for at a time.</summary>
    const int MaxLanes = 64;

    readonly ServedPlans plans;
    readonly int maxUndecided;
    readonly TimeSpan firstWaitLimit;

    /// <summary>Holds the lanes that answer new flows, and those of which flows are left; null between them.</summary>
    readonly PlanLane?[] lanes = new PlanLane?[MaxLanes];

    /// <summary>Room for headers that lanes share; the latest is the roomiest. Not for the worker's thread.</summary>
    PendingHeaders? headers;

    /// <summary>The same for rows of answers; null until a plan keeps rows.</summary>
    PendingRows? rows;

    /// <summary>Tells that headers are kept whatever the plans ask of them.</summary>
    readonly bool keepsHeaders;

    int laneCount;
    long longestChangeTicks;
    LaneChoice choice;
    LaneChoice wanted;

    /// <summary>Tells that wait limits differ, so that flows do not come due in the order of their arrival.</summary>
    bool hasWaitLimits;

    /// <summary>Gets whether the latest <see cref="Use"/> holds. From any thread.</summary>
    internal bool IsChanged => Volatile.Read(ref choice) == Volatile.Read(ref wanted);

    /// <summary>Gets the longest time that a change of lanes took, in which packets waited. From any thread.</summary>
    internal TimeSpan LongestChange => new(Volatile.Read(ref longestChangeTicks));

    /// <summary>Makes room for a plan, from any one thread at a time; nothing of it is used yet.</summary>
    /// <param name="model">The plan's number.</param>
    /// <param name="task">The task that it is to answer, from 0.</param>
    internal PlanLane CreateLane(CascadePlan plan, int model, int task = 0)
    {
        var layout = keepsHeaders ? null : WorkerMemory.RowsOf(plan, taskCount);
        var (depth, tiers) = (layout is null ? plan.Tiers[^1].PacketDepth : 0, plan.Tiers.Count);
        if (layout is not null && rows?.HasRoomFor(layout) != true)
        {
            rows = new(Math.Max(layout.Words, rows?.Words ?? 0), maxUndecided, !layout.Aggregates.IsEmpty);
        }

        if (headers is null || headers.Depth < depth || headers.Tiers < tiers)
        {
            headers = new(Math.Max(depth, headers?.Depth ?? 0), Math.Max(tiers, headers?.Tiers ?? 0), maxUndecided,
                taskCount);
        }

        return new(plan, model, plans, headers.ForTask(task), task, layout, rows);
    }

    /// <summary>Gets the lanes that were asked for last. From any thread.</summary>
    internal LaneChoice Wanted => Volatile.Read(ref wanted);

    /// <summary>Has new flows answered by other lanes from the next burst on. From any thread.</summary>
    internal void Use(LaneChoice next) => Volatile.Write(ref wanted, next);

    /// <summary>Takes the lanes that are wanted, unless there is no room for them until others have drained.</summary>
    void ChangeLanes()
    {
        var start = Stopwatch.GetTimestamp();
        var next = Volatile.Read(ref wanted);
        ReleaseLanes(next);
        if (!next.All.All(TryEnter))
        {
            return;
        }

        Account.Grow(plans.TierNames.Count, plans.Labels.Count, plans.Count);
        Volatile.Write(ref choice, next);
        ReleaseLanes(next);
        (comparison, shadow) = (next.Shadow, next.Shadow?.Worker);
        Volatile.Write(ref longestChangeTicks,
            Math.Max(longestChangeTicks, Stopwatch.GetElapsedTime(start).Ticks));
    }

    /// <summary>Gives a lane its place; false where there is none.</summary>
    bool TryEnter(PlanLane lane)
    {
        if (Array.IndexOf(lanes, lane, 0, laneCount) >= 0)
        {
            return true;
        }

        var place = Array.IndexOf(lanes, null);
        if (place < 0)
        {
            return false;
        }

        lane.Number = place;
        lanes[place] = lane;
        laneCount = Math.Max(laneCount, place + 1);
        hasWaitLimits |= lane.WaitLimit != firstWaitLimit;
        return true;
    }

    /// <summary>Lets go of lanes that answer no new flow and have answered all others.</summary>
    void ReleaseLanes(LaneChoice next)
    {
        for (var i = 0; i < laneCount; i++)
        {
            var lane = lanes[i];
            if (lane is { IsDrained: true } && !choice.Has(lane) && !next.Has(lane))
            {
                lanes[i] = null;
            }
        }

        while (lanes[laneCount - 1] is null)
        {
            laneCount--;
        }
    }
}
