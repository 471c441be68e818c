using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>
/// Scores a data set's flows as a tier would: the packets that came before the wait limit, in batches.
/// </summary>
public sealed class FlowScorer
{
    readonly int depth;
    readonly TimeSpan waitLimit;
    readonly Func<IBatchScorer> create;

    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="waitLimit">The time after which no flow is waited for.</param>
    /// <param name="create">Creates a scorer for one thread.</param>
    public FlowScorer(int depth, TimeSpan waitLimit, Func<IBatchScorer> create)
    {
        this.depth = depth;
        this.waitLimit = waitLimit;
        this.create = create;
    }

    /// <summary>Scores flows on the packets that come within the wait limit.</summary>
    /// <returns>The raw probabilities, a row for each flow.</returns>
    public Predictions Score(FlowSample flows, int classes, CancellationToken cancel)
    {
        var predictions = new Predictions(flows.Count, classes);
        Score(flows, predictions, [.. Enumerable.Range(0, flows.Count)], cancel);
        return predictions;
    }

    /// <summary>Scores flows on the packets that come within the wait limit, into some rows of predictions.</summary>
    /// <param name="into">Receives the raw probabilities.</param>
    /// <param name="rows">The flow's row in <paramref name="into"/>, by position.</param>
    public void Score(FlowSample flows, Predictions into, int[] rows, CancellationToken cancel)
    {
        var packets = new int[flows.Count];
        for (var i = 0; i < packets.Length; i++)
        {
            packets[i] = WaitTime.Compute(flows, i, depth, waitLimit).Packets;
        }

        Score(flows, packets, into, rows, cancel);
    }

    /// <summary>Scores flows on a given number of packets each.</summary>
    /// <param name="packets">The number of packets of the flow that are scored, by position.</param>
    /// <returns>The raw probabilities, a row for each flow.</returns>
    public Predictions Score(FlowSample flows, int[] packets, int classes, CancellationToken cancel)
    {
        var predictions = new Predictions(flows.Count, classes);
        Score(flows, packets, predictions, [.. Enumerable.Range(0, flows.Count)], cancel);
        return predictions;
    }

    /// <summary>Scores flows on a given number of packets each, into some rows of predictions.</summary>
    /// <param name="packets">The number of packets of the flow that are scored, by position.</param>
    /// <param name="into">Receives the raw probabilities.</param>
    /// <param name="rows">The flow's row in <paramref name="into"/>, by position.</param>
    public void Score(FlowSample flows, int[] packets, Predictions into, int[] rows, CancellationToken cancel)
    {
        var batches = (flows.Count + IBatchScorer.Capacity - 1) / IBatchScorer.Capacity;
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, batches, options, () => new Batch(create()), (b, _, batch) =>
        {
            var first = b * IBatchScorer.Capacity;
            var count = Math.Min(IBatchScorer.Capacity, flows.Count - first);
            for (var i = 0; i < count; i++)
            {
                batch.Add(i, flows.Packets(first + i)[..packets[first + i]]);
            }

            batch.Score(count);
            for (var i = 0; i < count; i++)
            {
                batch.Probabilities(i).CopyTo(into[rows[first + i]]);
            }

            return batch;
        }, _ => { });
    }

    /// <summary>
    /// All that a tier's rule decides by: its model's predictions and, where it has one, its gain model's.
    /// </summary>
    public static Predictions ScoreTier(CascadePlan plan, TierPlan tier, FlowSample flows, CancellationToken cancel)
    {
        var predictions = new FlowScorer(tier.PacketDepth, plan.WaitLimit, tier.CreateScorer)
            .Score(flows, plan.Labels.Count, cancel);
        return tier.Gain is { } gain
            ? predictions.WithGains(new FlowScorer(tier.PacketDepth, plan.WaitLimit, gain.CreateScorer)
                .ExpectedGains(flows, cancel))
            : predictions;
    }

    /// <summary>Computes what a <see cref="GainModel"/> expects of escalating each flow.</summary>
    public float[] ExpectedGains(FlowSample flows, CancellationToken cancel)
    {
        var outcomes = Score(flows, GainModel.Outcomes, cancel);
        return [.. Enumerable.Range(0, flows.Count).Select(i => GainModel.ExpectedGain(outcomes[i]))];
    }

    /// <summary>Holds one thread's scorer and its buffers.</summary>
    sealed class Batch(IBatchScorer scorer)
    {
        readonly float[] probabilities = new float[IBatchScorer.Capacity * scorer.Classes];

        public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => scorer.Add(place, packets);

        public ReadOnlySpan<float> Probabilities(int i) =>
            probabilities.AsSpan(i * scorer.Classes, scorer.Classes);

        public void Score(int count) => scorer.Score(count, probabilities);
    }
}
