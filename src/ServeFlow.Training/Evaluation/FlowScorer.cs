using ServeFlow.Models;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>Scores a data set's flows as a tier would: the packets that came before the wait limit, in batches.</summary>
public sealed class FlowScorer
{
    /// <summary>As many flows as serving scores at once.</summary>
    public const int BatchFlows = 512;

    readonly DataSet data;
    readonly int depth;
    readonly TimeSpan waitLimit;
    readonly Func<IScorer> create;

    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="create">A new scorer for one thread.</param>
    public FlowScorer(DataSet data, int depth, TimeSpan waitLimit, Func<IScorer> create)
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
    public void Score(IReadOnlyList<int> flows, Predictions into, IReadOnlyList<int> places, CancellationToken cancel)
    {
        var batches = (flows.Count + BatchFlows - 1) / BatchFlows;
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, batches, options, () => new Batch(create()), (b, _, batch) =>
        {
            var first = b * BatchFlows;
            var count = Math.Min(BatchFlows, flows.Count - first);
            Fill(batch, flows, first, count);
            batch.Score(count);
            for (var i = 0; i < count; i++)
            {
                batch.Probabilities(i).CopyTo(into[places[first + i]]);
            }

            return batch;
        }, _ => { });
    }

    internal void Fill(Batch batch, IReadOnlyList<int> flows, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var flow = flows[first + i];
            var packets = WaitTime.Of(data, flow, depth, waitLimit).Packets;
            data.Schema.Extract(data.Packets(flow)[..packets], batch.Columns, batch.Row(i));
        }
    }

    /// <summary>One thread's scorer and its buffers.</summary>
    internal sealed class Batch(IScorer scorer)
    {
        readonly float[] rows = new float[BatchFlows * scorer.Columns.Length];
        readonly float[] probabilities = new float[BatchFlows * scorer.Classes];

        public ReadOnlySpan<int> Columns => scorer.Columns.Span;

        public Span<float> Row(int i) => rows.AsSpan(i * scorer.Columns.Length, scorer.Columns.Length);

        public ReadOnlySpan<float> Probabilities(int i) =>
            probabilities.AsSpan(i * scorer.Classes, scorer.Classes);

        public void Score(int count) => scorer.Score(rows, count, probabilities);
    }
}
