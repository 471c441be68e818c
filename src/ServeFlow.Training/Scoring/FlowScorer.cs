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
    readonly DataSet data;
    readonly int depth;
    readonly TimeSpan waitLimit;
    readonly Func<IBatchScorer> create;

    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="create">A new scorer for one thread.</param>
    public FlowScorer(DataSet data, int depth, TimeSpan waitLimit, Func<IBatchScorer> create)
    {
        this.data = data;
        this.depth = depth;
        this.waitLimit = waitLimit;
        this.create = create;
    }

    /// <summary>Scores flows into the predictions' rows of given places.</summary>
    /// <param name="flows">Places in <see cref="DataSet.Flows"/>.</param>
    /// <param name="into">Receives the raw probabilities.</param>
    /// <param name="places">Row of each flow in <paramref name="into"/>.</param>
    public void Score(IReadOnlyList<int> flows, Predictions into, IReadOnlyList<int> places, CancellationToken cancel) =>
        Score(flows, [.. flows.Select(f => WaitTime.Compute(data, f, depth, waitLimit).Packets)], into, places, cancel);

    /// <inheritdoc cref="Score(IReadOnlyList{int}, Predictions, IReadOnlyList{int}, CancellationToken)"/>
    /// <param name="packets">How many packets of each flow are scored.</param>
    public void Score(IReadOnlyList<int> flows, IReadOnlyList<int> packets, Predictions into, IReadOnlyList<int> places,
        CancellationToken cancel)
    {
        var batches = (flows.Count + IBatchScorer.Capacity - 1) / IBatchScorer.Capacity;
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, batches, options, () => new Batch(create()), (b, _, batch) =>
        {
            var first = b * IBatchScorer.Capacity;
            var count = Math.Min(IBatchScorer.Capacity, flows.Count - first);
            for (var i = 0; i < count; i++)
            {
                batch.Add(i, data.Packets(flows[first + i])[..packets[first + i]]);
            }

            batch.Score(count);
            for (var i = 0; i < count; i++)
            {
                batch.Probabilities(i).CopyTo(into[places[first + i]]);
            }

            return batch;
        }, _ => { });
    }

    /// <summary>All that a tier's rule decides by: its model's predictions and, where it has one, its gain model's.</summary>
    public static Predictions ScoreTier(CascadePlan plan, TierPlan tier, DataSet data, IReadOnlyList<int> flows,
        CancellationToken cancel)
    {
        var predictions = new Predictions(flows.Count, plan.Labels.Count);
        new FlowScorer(data, tier.PacketDepth, plan.WaitLimit, tier.CreateScorer)
            .Score(flows, predictions, [.. Enumerable.Range(0, flows.Count)], cancel);
        return tier.Gain is { } gain
            ? predictions.WithGains(new FlowScorer(data, tier.PacketDepth, plan.WaitLimit, gain.CreateScorer)
                .ExpectedGains(flows, cancel))
            : predictions;
    }

    /// <summary>What a <see cref="GainModel"/> expects of escalating each flow.</summary>
    public float[] ExpectedGains(IReadOnlyList<int> flows, CancellationToken cancel)
    {
        var outcomes = new Predictions(flows.Count, GainModel.Outcomes);
        Score(flows, outcomes, [.. Enumerable.Range(0, flows.Count)], cancel);
        return [.. Enumerable.Range(0, flows.Count).Select(i => GainModel.ExpectedGain(outcomes[i]))];
    }

    internal void Fill(Batch batch, IReadOnlyList<int> flows, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var flow = flows[first + i];
            var packets = WaitTime.Compute(data, flow, depth, waitLimit).Packets;
            batch.Add(i, data.Packets(flow)[..packets]);
        }
    }

    /// <summary>One thread's scorer and its buffers.</summary>
    internal sealed class Batch(IBatchScorer scorer)
    {
        readonly float[] probabilities = new float[IBatchScorer.Capacity * scorer.Classes];

        public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => scorer.Add(place, packets);

        public ReadOnlySpan<float> Probabilities(int i) =>
            probabilities.AsSpan(i * scorer.Classes, scorer.Classes);

        public void Score(int count) => scorer.Score(count, probabilities);
    }
}
