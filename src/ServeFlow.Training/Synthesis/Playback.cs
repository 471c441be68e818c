namespace ServeFlow.Training.Synthesis;

/// <summary>Takes synthetic frames: a capture file, or memory.</summary>
interface IFrameOutput
{
    void Write(long microseconds, FrameWriter frame);
}

/// <summary>
/// Plays flows in time order: holds only those that are under way, in a heap by the time of their next packet.
/// </summary>
sealed class Playback(FrameWriter frames, IFrameOutput output)
{
    readonly PriorityQueue<Conversation, (long Time, long Order)> underWay = new();
    long begun;

    public long Packets { get; private set; }

    public void Begin(Conversation flow) => underWay.Enqueue(flow, (flow.NextMicroseconds, begun++));

    /// <summary>Writes every packet that is due before a time.</summary>
    public void PlayUntil(long microseconds)
    {
        while (underWay.TryPeek(out var flow, out var due) && due.Time < microseconds)
        {
            frames.Write(flow, flow.Steps[flow.Next]);
            output.Write(due.Time, frames);
            Packets++;
            flow.Next++;
            if (flow.Next < flow.Steps.Count)
            {
                underWay.DequeueEnqueue(flow, (flow.NextMicroseconds, due.Order));
            }
            else
            {
                underWay.Dequeue();
            }
        }
    }

    public void PlayAll() => PlayUntil(long.MaxValue);
}
