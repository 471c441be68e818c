using System.Collections.Concurrent;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Tests.Serving;

/// <summary>A remote tier in the same process, which a test tells what to do with each batch.</summary>
/// <param name="plan">Its last tier's model scores.</param>
sealed class ScriptedTier(CascadePlan plan) : IRemoteTier
{
    readonly Lock gate = new();
    readonly IBatchScorer scorer = plan.Tiers[^1].CreateScorer();

    public string Address => "scripted";

    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    public int Credits { get; init; } = 4;

    public string? Problem { get; init; }

    /// <summary>Gets what becomes of a batch, by its number from 0; null keeps it until
    /// <see cref="AnswerKept"/>.</summary>
    public Func<int, RemoteOutcome?> Script { get; init; } = _ => RemoteOutcome.Answered;

    public ConcurrentQueue<RemoteBatch> Kept { get; } = [];

    /// <summary>Gets the flows of each batch.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    public void Score(RemoteBatch batch)
    {
        int number;
        lock (gate)
        {
            number = Batches.Count;
            Batches.Enqueue(batch.Count);
        }

        if (Script(number) is not { } outcome)
        {
            Kept.Enqueue(batch);
            return;
        }

        if (outcome == RemoteOutcome.Answered)
        {
            Fill(batch);
        }

        batch.Complete(outcome);
    }

    /// <summary>Answers the batches that were kept.</summary>
    public void AnswerKept()
    {
        while (Kept.TryDequeue(out var batch))
        {
            Fill(batch);
            batch.Complete(RemoteOutcome.Answered);
        }
    }

    void Fill(RemoteBatch batch)
    {
        lock (gate)
        {
            scorer.Begin(batch.Count);
            for (var i = 0; i < batch.Count; i++)
            {
                scorer.Add(i, batch.Packets(i));
            }

            scorer.Score(batch.Count, batch.Probabilities);
        }
    }
}
