using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>Weighted F1 of plain answers, and how far chance moves it.</summary>
static class Scores
{
    public static int[] Labels(DataSet data, IReadOnlyList<int> flows) =>
        [.. flows.Select(flow => data.Flows[flow].Label)];

    public static double WeightedF1(IReadOnlyList<int> answers, IReadOnlyList<int> labels, int classes)
    {
        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < answers.Count; i++)
        {
            matrix.Add(labels[i], answers[i]);
        }

        return matrix.WeightedF1;
    }

    /// <summary>Of always answering the class that is most frequent among <paramref name="train"/>.</summary>
    public static double MajorityBaseline(IReadOnlyList<int> train, IReadOnlyList<int> labels, int classes)
    {
        if (train.Count == 0)
        {
            return 0;
        }

        var most = train.CountBy(label => label).MaxBy(entry => (entry.Value, -entry.Key)).Key;
        return WeightedF1([.. Enumerable.Repeat(most, labels.Count)], labels, classes);
    }

    /// <summary>
    /// Of the same answers dealt out to the flows at random: what a model is worth that answers each class as often
    /// and knows nothing.
    /// </summary>
    public static double ChanceLevel(int[] answers, IReadOnlyList<int> labels, int classes, int draws, Random random)
    {
        var dealt = (int[])answers.Clone();
        var sum = 0.0;
        for (var draw = 0; draw < draws; draw++)
        {
            random.Shuffle(dealt);
            sum += WeightedF1(dealt, labels, classes);
        }

        return sum / draws;
    }

    public static double Mean(IReadOnlyCollection<double> values) => values.DefaultIfEmpty(0).Average();

    /// <summary>Standard deviation of a sample; 0 below two values.</summary>
    public static double StandardDeviation(IReadOnlyCollection<double> values)
    {
        var mean = Mean(values);
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
