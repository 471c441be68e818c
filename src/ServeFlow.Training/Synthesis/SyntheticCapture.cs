namespace ServeFlow.Training.Synthesis;

/// <summary>Plays a site's flows into a capture, in time order.</summary>
sealed class SyntheticCapture(Site site, double rate, Playback playback)
{
    /// <param name="begun">Told of every flow as it begins.</param>
    public void Write(int flows, Action<Conversation, int> begun, CancellationToken cancel)
    {
        var arrival = site.Begin + site.NextGap(rate);
        for (var flow = 0; flow < flows; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            playback.PlayUntil((long)arrival);
            var (conversation, service) = site.BeginFlow((long)arrival);
            begun(conversation, service);
            playback.Begin(conversation);
            arrival += site.NextGap(rate);
        }

        playback.PlayAll();
    }
}
