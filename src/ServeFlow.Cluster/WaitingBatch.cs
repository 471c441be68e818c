using System.Diagnostics;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster;

/// <summary>Represents a batch that a worker has, until it is answered.</summary>
sealed class WaitingBatch(ServedTier tier, TierRequest request)
{
    /// <summary>No sensor waits for longer: what a request says may be anything.</summary>
    static readonly TimeSpan MaxLeft = TimeSpan.FromHours(1);

    readonly TimeSpan given = TimeSpan.FromTicks(Math.Clamp(request.Left.Ticks, 0, MaxLeft.Ticks));
    readonly long arrived = Stopwatch.GetTimestamp();
    readonly TaskCompletionSource<TierAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedTier Tier => tier;

    public TierRequest Request { get; } = request;

    /// <summary>Gets the time that is left for an answer; none or less where it is over.</summary>
    public TimeSpan Left => given - Stopwatch.GetElapsedTime(arrived);

    /// <summary>Gets what is completed with the answer.</summary>
    public Task<TierAnswer> Answer => answer.Task;

    public void Complete(TierAnswer scored) => answer.SetResult(scored);
}
