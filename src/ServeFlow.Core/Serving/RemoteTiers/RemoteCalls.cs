namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Has batches scored by one call each, or by several where a call fails and the batch's time allows another. While
/// calls fail, each batch is tried once, so that flows do not wait for what will not come.
/// </summary>
/// <param name="deadline">How long a batch may take, where workers do not wait.</param>
/// <param name="waits">Whether workers wait for every answer: then calls are repeated as long as the time allows.
/// </param>
public sealed class RemoteCalls(RemoteHealth health, TimeSpan deadline, bool waits)
{
    /// <summary>Specifies how long a run that waits for every answer does so before it ends.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    /// <summary>Holds the pause before a batch is sent again for the first time; it doubles.</summary>
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Holds the pause that is not doubled any more, so that a run which waits tries until its time is nearly
    /// over.</summary>
    static readonly TimeSpan LastPause = 256 * FirstPause;

    readonly TimeSpan limit = waits ? LongestWait : deadline;

    /// <summary>Scores a batch and completes it. Nothing is thrown.</summary>
    /// <param name="ask">Asks once, and writes the answers into the batch. It throws <see cref="RefusalException"/>
    /// where asking again does not help, and <see cref="HttpRequestException"/> or <see cref="IOException"/> where it
    /// may.</param>
    public async Task RunAsync(RemoteBatch batch, Func<RemoteBatch, CancellationToken, Task> ask)
    {
        var (outcome, problem) = (RemoteOutcome.Lost, (string?)null);
        try
        {
            (outcome, problem) = await TryAsync(batch, ask);
        }
        catch (Exception e)
        {
            problem = e.Message; // nothing may keep a batch
        }
        finally
        {
            health.Note(outcome, batch.Count, problem);
            batch.Complete(outcome);
        }
    }

    /// <summary>Asks until there is an answer, or no time or no use.</summary>
    async Task<(RemoteOutcome Outcome, string? Problem)> TryAsync(RemoteBatch batch,
        Func<RemoteBatch, CancellationToken, Task> ask)
    {
        var left = batch.Left;
        if (left <= TimeSpan.Zero)
        {
            return (RemoteOutcome.Late, $"flows waited for {limit.TotalMilliseconds} ms before they could be sent");
        }

        using var end = new CancellationTokenSource(left);
        var mayRetry = waits || !health.IsFailing;
        var cause = (string?)null;
        for (var pause = FirstPause; ; pause = pause < LastPause ? pause * 2 : pause)
        {
            var (outcome, problem) = await TryOnceAsync(batch, ask, end.Token);
            if (outcome == RemoteOutcome.Late && cause is not null)
            {
                return (RemoteOutcome.Lost, cause); // the last try lacked time; the ones before say what is wrong
            }

            if (outcome != RemoteOutcome.Lost || !mayRetry || batch.Left <= pause)
            {
                return (outcome, problem);
            }

            cause = problem;
            await Task.Delay(pause);
        }
    }

    async Task<(RemoteOutcome Outcome, string? Problem)> TryOnceAsync(RemoteBatch batch,
        Func<RemoteBatch, CancellationToken, Task> ask, CancellationToken end)
    {
        try
        {
            await ask(batch, end);
            return (RemoteOutcome.Answered, null);
        }
        catch (RefusalException e)
        {
            return (RemoteOutcome.Refused, e.Message);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return (RemoteOutcome.Late, $"no answer within {limit.TotalMilliseconds} ms");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return (RemoteOutcome.Lost, e.Message.TrimEnd('.'));
        }
    }
}
