using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// A model that is trained on labels dealt out at random can know nothing. If it does better on held-back flows than
/// its answers dealt out at random, labels reach it by another way than training.
/// </summary>
static class ShuffledLabelsCheck
{
    /// <summary>Shuffles, so that their spread says how far chance goes.</summary>
    const int Repeats = 4;

    /// <summary>Deals of each model's answers that its level of chance is the mean of.</summary>
    const int Permutations = 20;

    /// <summary>Specifies how many standard errors above chance are none of its doing: 99.9 % sure.</summary>
    const double MaxStandardErrors = 3;

    /// <summary>Specifies the weighted F1 that means nothing, however sure it is.</summary>
    const double Negligible = 0.02;

    public static AuditCheck Check(AuditFlows flows, QuickModel model, Random random, CancellationToken cancel)
    {
        var (figures, chances) = (new double[Repeats], new double[Repeats]);
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            int[] labels = [.. flows.Train.Labels];
            random.Shuffle(labels);
            var shuffled = flows.Train.WithLabels(flows.Train.Classes, labels);
            var answers = model.TrainAndPredict(shuffled, flows.HeldOut, cancel);
            figures[repeat] = Scores.WeightedF1(answers, flows.HeldOut);
            chances[repeat] = Scores.ChanceLevel(answers, flows.HeldOut, Permutations, random);
        }

        return Assess(figures, chances);
    }

    /// <param name="figures">Weighted F1 of a model for each shuffle.</param>
    /// <param name="chances">The scores of the same answers dealt out at random.</param>
    internal static AuditCheck Assess(double[] figures, double[] chances)
    {
        var (figure, chance) = (Scores.Mean(figures), Scores.Mean(chances));
        var error = Scores.StandardDeviation([.. figures.Zip(chances, (f, c) => f - c)]) / Math.Sqrt(figures.Length);
        var isChance = figure - chance <= Math.Max(Negligible, MaxStandardErrors * error);
        return new("shuffled_labels", figure, chance, isChance ? AuditVerdict.Passed : AuditVerdict.Failed,
            $"trained on shuffled labels, a decision tree reaches weighted F1 {NumberText.Fixed(figure, 3)} on "
            + "held-back flows, where "
            + $"chance is {NumberText.Fixed(chance, 3)} ± {NumberText.Fixed(error, 3)}: "
            + (isChance ? "it falls to chance, as it must" : "labels reach it by another way than training"));
    }
}
