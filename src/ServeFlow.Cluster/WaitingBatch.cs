using System.Diagnostics;

namespace ServeFlow.Cluster;

/// <summary>Is a batch that a worker has, until it is answered.</summary>
sealed class WaitingBatch(ServedTier tier, TierRequest request)
{
    readonly long arrived = Stopwatch.GetTimestamp();
    readonly TaskCompletionSource<TierAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedTier Tier => tier;

    public TierRequest Request => request;

    /// <summary>Gets the time that is left for an answer; none or less where it is over.</summary>
    public TimeSpan Left => request.Left - Stopwatch.GetElapsedTime(arrived);

    /// <summary>Gets what is completed with the answer.</summary>
    public Task<TierAnswer> Answer => answer.Task;

    public void Complete(TierAnswer given) => answer.SetResult(given);
}
