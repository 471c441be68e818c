using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>Computes the weighted F1 of plain answers, and how far chance moves it.</summary>
static class Scores
{
    /// <param name="answers">The class that each flow was given, by position.</param>
    public static double WeightedF1(int[] answers, FlowSample flows)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        for (var i = 0; i < answers.Length; i++)
        {
            matrix.Add(flows.Labels[i], answers[i]);
        }

        return matrix.WeightedF1;
    }

    /// <summary>
    /// Scores the baseline that always answers the class that is most frequent among <paramref name="train"/>.
    /// </summary>
    public static double MajorityBaseline(FlowSample train, FlowSample flows)
    {
        if (train.Count == 0)
        {
            return 0;
        }

        var most = train.Labels.CountBy(label => label).MaxBy(entry => (entry.Value, -entry.Key)).Key;
        return WeightedF1([.. Enumerable.Repeat(most, flows.Count)], flows);
    }

    /// <summary>
    /// Scores the same answers dealt out to the flows at random: the level of a model that answers each class as often
    /// and knows nothing.
    /// </summary>
    public static double ChanceLevel(int[] answers, FlowSample flows, int draws, Random random)
    {
        var dealt = (int[])answers.Clone();
        var sum = 0.0;
        for (var draw = 0; draw < draws; draw++)
        {
            random.Shuffle(dealt);
            sum += WeightedF1(dealt, flows);
        }

        return sum / draws;
    }

    public static double Mean(IReadOnlyCollection<double> values) => values.DefaultIfEmpty(0).Average();

    /// <summary>Computes the standard deviation of a sample; 0 below two values.</summary>
    public static double StandardDeviation(IReadOnlyCollection<double> values)
    {
        var mean = Mean(values);
        return values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
