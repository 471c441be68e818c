using CsCheck;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Metrics;

public sealed class ConfusionMatrixTests
{
    static ConfusionMatrix CreateMatrix(int classes, int[] truth, int[] predicted)
    {
        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < truth.Length; i++)
        {
            matrix.Add(truth[i], predicted[i]);
        }

        return matrix;
    }

    /// <summary>scikit-learn's own example of f1_score: y_true 0 1 2 0 1 2, y_pred 0 2 1 0 0 1.</summary>
    [Fact]
    public void F1_ScikitLearnsExample_GivesItsNumbers()
    {
        var matrix = CreateMatrix(3, [0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]);

        Assert.Equal(0.8, matrix.F1(0), 12);
        Assert.Equal(0, matrix.F1(1));
        Assert.Equal(0.26666666666666666, matrix.MacroF1, 12);
        Assert.Equal(0.26666666666666666, matrix.WeightedF1, 12);
        Assert.Equal(1 / 3.0, matrix.Accuracy, 12);
    }

    /// <summary>
    /// By hand: class 0 has F1 2·2/(3+2) = 0.8, class 1 has 2·1/(1+1) = 1, class 2 has 0 of support 0.
    /// </summary>
    [Fact]
    public void F1_UnevenSupport_WeighsBySupportAndCountsPredictedClassesInMacro()
    {
        var matrix = CreateMatrix(4, [0, 0, 0, 1], [0, 0, 2, 1]);

        Assert.Equal(((3 * 0.8) + 1) / 4, matrix.WeightedF1, 12);
        Assert.Equal((0.8 + 1 + 0) / 3, matrix.MacroF1, 12);
        Assert.Equal(1, matrix.Precision(0));
        Assert.Equal(2 / 3.0, matrix.Recall(0), 12);
    }

    [Fact]
    public void Add_UnansweredFlow_IsWrongForItsClassAndForNoOther()
    {
        var matrix = CreateMatrix(2, [0, 0, 1], [0, ConfusionMatrix.Unanswered, 1]);

        Assert.Equal(2 / 3.0, matrix.Accuracy, 12);
        Assert.Equal(0.5, matrix.Recall(0));
        Assert.Equal(2 / 3.0, matrix.F1(0), 12);
        Assert.Equal(1, matrix.F1(1));
        Assert.Equal(((2 * 2 / 3.0) + 1) / 3, matrix.WeightedF1, 12);
        Assert.Equal(1, matrix[0, ConfusionMatrix.Unanswered]);
    }

    [Fact]
    public void Add_ThenTakenOut_LeavesTheScoresAsTheyWere() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[-1, 3]).Array[1, 50].Sample(flows =>
        {
            var truth = flows.Select(f => f.Item1).ToArray();
            var predicted = flows.Select(f => f.Item2).ToArray();
            var matrix = CreateMatrix(4, truth, predicted);
            var (weighted, macro) = (matrix.WeightedF1, matrix.MacroF1);
            foreach (var (label, answer) in flows)
            {
                matrix.Add(label, 2);
                matrix.Add(label, 2, -1);
            }

            Assert.Equal((weighted, macro), (matrix.WeightedF1, matrix.MacroF1));
            Assert.Equal(flows.Length, matrix.Total);
        });

    [Fact]
    public void Scores_NoFlow_AreZero()
    {
        var matrix = new ConfusionMatrix(3);

        Assert.Equal((0, 0, 0), (matrix.WeightedF1, matrix.MacroF1, matrix.Accuracy));
    }

    /// <summary>A matrix of many classes keeps only the pairs that occur, and its scores are the same.</summary>
    [Fact]
    public void Scores_ManyClasses_AreThoseOfFew()
    {
        var (few, many) = (new ConfusionMatrix(9), new ConfusionMatrix(10_000));
        var random = new Random(1);
        for (var flow = 0; flow < 500; flow++)
        {
            var (truth, answer) = (random.Next(9), random.Next(-1, 9));
            few.Add(truth, answer);
            many.Add(truth, answer);
        }

        few.Add(3, 4, -few[3, 4]);
        many.Add(3, 4, -many[3, 4]);
        Assert.False(many.ListsAllPairs);
        Assert.Equal(few.WeightedF1, many.WeightedF1, 1e-12);
        Assert.Equal(few.MacroF1, many.MacroF1, 1e-12);
        Assert.Equal(few.Confusions(), many.Confusions());
        Assert.Equal(few.Confusions(), many.Copy().Confusions());
        Assert.DoesNotContain(many.Confusions(), pair => (pair.Truth, pair.Prediction) == (3, 4));
        Assert.Equal(few.Total, few.Correct + few.Confusions().Sum(pair => pair.Flows));
    }
}
