using ServeFlow.Models;
using ServeFlow.Training.Trainers.Native;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>
/// Our reference evaluator gives what LightGBM's own library gives, on models that it trained just now.
/// </summary>
public sealed class ReferenceAgainstLightGbmTests
{
    const double Tolerance = 1e-6;

    public static TheoryData<string> Kinds => [.. SyntheticModel.Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Score_FreshlyTrainedModels_EqualsLightGbm(string kind)
    {
        var (_, classes, parameters, nan) = SyntheticModel.Kinds.Single(k => k.Name == kind);
        for (var seed = 1; seed <= 10; seed++)
        {
            var model = SyntheticModel.Train(classes, parameters, nan, seed);
            AssertSame(LightGbmText.Read(model.Text, "fresh"), model.Text, model.Rows, model.Columns);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_ReadModels_LightGbmPredictsTheSameWithIt(string kind)
    {
        var (_, classes, parameters, nan) = SyntheticModel.Kinds.Single(k => k.Name == kind);
        var model = SyntheticModel.Train(classes, parameters, nan, seed: 3);
        var forest = LightGbmText.Read(model.Text, "fresh");
        AssertSame(forest, LightGbmText.Write(forest), model.Rows, model.Columns);
    }

    internal static void AssertSame(Forest forest, string modelText, float[] rows, int columns)
    {
        var scorer = new ReferenceScorer(forest, [.. Enumerable.Range(0, columns)]);
        using var booster = LightGbmBooster.Load(modelText);
        var count = rows.Length / columns;
        var expected = booster.Predict(rows);
        var used = new float[count * scorer.Columns.Length];
        for (var i = 0; i < used.Length; i++)
        {
            used[i] = rows[(i / scorer.Columns.Length * columns) + scorer.Columns.Span[i % scorer.Columns.Length]];
        }

        var found = new float[count * forest.Classes];
        scorer.Score(used, count, found);
        for (var r = 0; r < count; r++)
        {
            var own = Probabilities(forest, expected.AsSpan(r * booster.Outputs, booster.Outputs));
            for (var k = 0; k < forest.Classes; k++)
            {
                Assert.InRange(found[(r * forest.Classes) + k], own[k] - Tolerance, own[k] + Tolerance);
            }
        }
    }

    /// <summary>LightGBM gives one number for two classes, and does not normalise multiclassova.</summary>
    static double[] Probabilities(Forest forest, Span<double> predicted)
    {
        if (forest.Transform == ScoreTransform.Sigmoid)
        {
            return [1 - predicted[0], predicted[0]];
        }

        var own = predicted.ToArray();
        var total = own.Sum();
        return forest.Transform == ScoreTransform.SigmoidPerClass ? [.. own.Select(p => p / total)] : own;
    }
}
