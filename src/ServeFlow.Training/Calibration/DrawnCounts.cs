using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Holds the counts that weighted F1 needs, and the flows lost, in every draw of captures at once. Changing the answer
/// of one flow changes the counts of all draws. Owned by one thread.
/// </summary>
sealed class DrawnCounts
{
    readonly CaptureDraws draws;
    readonly float[][] hits;
    readonly float[][] predicted;
    readonly float[][] support;
    readonly float[] lost;
    readonly float[] total;

    DrawnCounts(CaptureDraws draws, int classes)
    {
        this.draws = draws;
        (hits, predicted, support) = (Rows(), Rows(), Rows());
        (lost, total) = (new float[draws.Columns], new float[draws.Columns]);

        float[][] Rows() => [.. Enumerable.Range(0, classes).Select(_ => new float[draws.Columns])];
    }

    /// <summary>Counts flows that are all answered by one model.</summary>
    public static DrawnCounts From(FlowSample flows, Predictions model, CaptureDraws draws)
    {
        var counts = new DrawnCounts(draws, flows.Classes.Count);
        for (var flow = 0; flow < flows.Count; flow++)
        {
            var weights = draws.WeightsOf(flow);
            Add(counts.support[flows.Labels[flow]], weights, 1);
            Add(counts.total, weights, 1);
            counts.Answer(flow, flows.Labels[flow], model.TopClass(flow), 1);
        }

        return counts;
    }

    /// <summary>Gets a copy that changes on its own.</summary>
    public DrawnCounts Copy()
    {
        var copy = new DrawnCounts(draws, hits.Length);
        Copy(hits, copy.hits);
        Copy(predicted, copy.predicted);
        Copy(support, copy.support);
        lost.CopyTo(copy.lost, 0);
        total.CopyTo(copy.total, 0);
        return copy;
    }

    /// <summary>Gives a flow another answer.</summary>
    /// <param name="label">The flow's true class.</param>
    public void Change(int flow, int label, int from, int to)
    {
        if (from != to)
        {
            Answer(flow, label, from, -1);
            Answer(flow, label, to, 1);
        }
    }

    /// <summary>Counts a flow as lost, or no longer where the sign is negative.</summary>
    public void AddLost(int flow, float sign) => Add(lost, draws.WeightsOf(flow), sign);

    /// <summary>Computes the share of flows lost, by column.</summary>
    public double[] LostShares() => [.. lost.Zip(total, (some, all) => (double)some / all)];

    /// <summary>Computes the weighted F1, by column.</summary>
    public double[] WeightedF1()
    {
        var sums = new double[draws.Columns];
        for (var label = 0; label < hits.Length; label++)
        {
            var (right, answered, all) = (hits[label], predicted[label], support[label]);
            for (var column = 0; column < sums.Length; column++)
            {
                var both = all[column] + answered[column];
                sums[column] += both == 0 ? 0 : (double)all[column] * 2 * right[column] / both;
            }
        }

        for (var column = 0; column < sums.Length; column++)
        {
            sums[column] /= total[column];
        }

        return sums;
    }

    void Answer(int flow, int label, int answer, float sign)
    {
        var weights = draws.WeightsOf(flow);
        Add(predicted[answer], weights, sign);
        if (answer == label)
        {
            Add(hits[label], weights, sign);
        }
    }

    static void Add(float[] counts, ReadOnlySpan<float> weights, float sign)
    {
        for (var column = 0; column < counts.Length; column++)
        {
            counts[column] += sign * weights[column];
        }
    }

    static void Copy(float[][] from, float[][] into)
    {
        for (var row = 0; row < from.Length; row++)
        {
            from[row].CopyTo(into[row], 0);
        }
    }
}
