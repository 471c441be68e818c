namespace ServeFlow.Training.Synthesis;

/// <summary>
/// Plays a site's flows into a capture, in time order: holds only the flows that are under way, in a heap by the time
/// of their next packet.
/// </summary>
sealed class SyntheticCapture(Site site, double rate, FrameWriter frames)
{
    readonly PriorityQueue<Conversation, (long Time, long Order)> underWay = new();

    public long Packets { get; private set; }

    /// <param name="begun">Told of every flow as it begins.</param>
    public void Write(CaptureWriter writer, int flows, Action<Conversation, int> begun, CancellationToken cancel)
    {
        var arrival = site.Begin + site.NextGap(rate);
        for (var flow = 0; flow < flows; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            PlayUntil((long)arrival, writer);
            var (conversation, service) = site.BeginFlow((long)arrival);
            begun(conversation, service);
            underWay.Enqueue(conversation, (conversation.NextMicroseconds, flow));
            arrival += site.NextGap(rate);
        }

        PlayUntil(long.MaxValue, writer);
    }

    void PlayUntil(long microseconds, CaptureWriter writer)
    {
        while (underWay.TryPeek(out var flow, out var due) && due.Time < microseconds)
        {
            frames.Write(flow, flow.Steps[flow.Next]);
            writer.Write(due.Time, frames);
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
}
