using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Holds the counts of a <see cref="ConfusionMatrix"/> that weighted F1 needs, with fractions of flows: the counts to
/// expect of an answer given by chance.
/// </summary>
sealed class ExpectedCounts
{
    readonly double[] hits;
    readonly double[] predicted;
    readonly double[] support;

    public ExpectedCounts(ConfusionMatrix answered)
    {
        var classes = Enumerable.Range(0, answered.Classes);
        hits = [.. classes.Select(c => (double)answered[c, c])];
        predicted = [.. classes.Select(c => (double)answered.Predicted(c))];
        support = [.. classes.Select(c => (double)answered.Support(c))];
    }

    public double WeightedF1
    {
        get
        {
            var (sum, total) = (0.0, 0.0);
            for (var c = 0; c < hits.Length; c++)
            {
                var both = support[c] + predicted[c];
                sum += both == 0 ? 0 : support[c] * 2 * hits[c] / both;
                total += support[c];
            }

            return total == 0 ? 0 : sum / total;
        }
    }

    public void Add(int label, int answer, double flows)
    {
        support[label] += flows;
        Answer(label, answer, flows);
    }

    /// <summary>Gives a share of each flow the slow answer instead of the fast one.</summary>
    public void Escalate(IReadOnlyList<AssignmentSample> samples, double share)
    {
        foreach (var sample in samples)
        {
            Answer(sample.Label, sample.Fast, -share);
            Answer(sample.Label, sample.Slow, share);
        }
    }

    void Answer(int label, int answer, double flows)
    {
        predicted[answer] += flows;
        hits[answer] += answer == label ? flows : 0;
    }
}
