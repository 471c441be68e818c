using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Has a batch scored by a remote tier, and waits for the answers.</summary>
sealed class RemoteBatchScorer(IRemoteTier remote, int depth, int classes) : IBatchScorer
{
    /// <summary>Made when it is first needed: a worker that does not wait has batches of its own.</summary>
    RemoteBatch? batch;

    public int Classes => classes;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        batch ??= new(remote, depth, classes);
        if (place == 0)
        {
            batch.Begin(RemoteCalls.LongestWait);
        }

        batch.Add(packets);
    }

    public void Score(int count, Span<float> probabilities)
    {
        batch!.Send();
        var outcome = batch.Wait();
        if (outcome != RemoteOutcome.Answered)
        {
            var remedy = outcome == RemoteOutcome.Refused ? "mend that" : "start the server";
            throw new InputException($"{remote.Address}: {remote.Problem ?? "no answer"}; a run over captures needs "
                + $"every answer: {remedy}, or leave the remote tier out");
        }

        batch.Probabilities.AsSpan(0, count * classes).CopyTo(probabilities);
    }
}
