namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Limits the flows of a batch to as many as are answered in time. A batch that takes longer than its deadline is
/// computed in vain: without a limit, a server that is too slow for all flows would answer next to none.
/// </summary>
/// <param name="deadline">How long a batch may take.</param>
sealed class BatchLimit(TimeSpan deadline)
{
    /// <summary>Specifies the lowest limit: a server that is far away takes as long for few flows as for
    /// many.</summary>
    public const int Lowest = 16;

    /// <summary>Divides the limit: by this part of it, it grows and shrinks.</summary>
    const int Step = 8;

    /// <summary>Gets the most flows that a batch should have.</summary>
    public int Flows { get; private set; } = RemoteBatch.Capacity;

    /// <summary>Learns from a batch that was sent.</summary>
    /// <param name="left">What was left of its time when its outcome was known.</param>
    public void Learn(int flows, RemoteOutcome outcome, TimeSpan left)
    {
        if (outcome == RemoteOutcome.Answered && left > deadline / 2)
        {
            Flows = Math.Min(RemoteBatch.Capacity, Flows + (Flows / Step));
        }
        else if (outcome == RemoteOutcome.Late)
        {
            Lower(flows, flows / 2);
        }
        else if (outcome == RemoteOutcome.Answered && left < deadline / 4)
        {
            Lower(flows, flows - (flows / Step));
        }
    }

    /// <summary>Lowers the limit, unless the batch was so small that its size was not why it took long.</summary>
    void Lower(int flows, int limit)
    {
        if (flows > Flows / 2)
        {
            Flows = Math.Clamp(limit, Lowest, Flows);
        }
    }
}
