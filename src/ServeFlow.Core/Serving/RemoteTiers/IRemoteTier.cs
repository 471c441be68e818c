namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Scores batches of a tier in another process. Shared by all workers.</summary>
public interface IRemoteTier
{
    /// <summary>Gets where it is, as messages name it.</summary>
    string Address { get; }

    /// <summary>Gets how long a flow waits for its answer, from the moment in which it is handed over.</summary>
    TimeSpan Deadline { get; }

    /// <summary>Gets how many batches of one worker may be away at a time, at least 1.</summary>
    int Credits { get; }

    /// <summary>Gets what was wrong with the latest batch that was not answered; null before there was one.</summary>
    string? Problem { get; }

    /// <summary>
    /// Begins to score a batch, on a thread of the pool. It must complete each batch once, soon after its time is over
    /// at the latest, and must not throw.
    /// </summary>
    void Score(RemoteBatch batch);
}
