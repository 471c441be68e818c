using CsCheck;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class IsotonicFitTests
{
    static readonly Gen<(float Confidence, bool IsRight)[]> Answers =
        Gen.Select(Gen.OneOf(Gen.Int[0, 4].Select(i => i / 4f), Gen.Float[0, 1]), Gen.Bool).Array[20, 400];

    /// <summary>Answers that claim more than they are worth: right with the square of their confidence.</summary>
    static (float Confidence, bool IsRight)[] TooSure(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var confidence = random.NextSingle();
            return (confidence, random.NextDouble() < confidence * confidence);
        })];
    }

    [Fact]
    public void Fit_AnyAnswers_GivesACurveThatABundleAccepts() => Answers.Sample(answers =>
    {
        var map = IsotonicFit.Fit(answers)!;

        Assert.True(IsotonicMap.AreUsable(map.Confidences, map.Accuracies));
    });

    [Fact]
    public void Fit_TooSureAnswers_FindsWhatTheyAreWorth()
    {
        var map = IsotonicFit.Fit(TooSure(20_000, 1))!;

        Assert.All([0.2f, 0.5f, 0.8f, 0.95f], c => Assert.Equal(c * c, map.Evaluate(c), 0.05f));
    }

    /// <summary>Twenty right answers do not prove a certainty: one more is as often right as claimed.</summary>
    [Fact]
    public void Fit_AllAnswersRight_StaysBelowCertaintyByOneFlow() =>
        Assert.Equal(20.9f / 21, IsotonicFit.Fit([.. Enumerable.Repeat((0.9f, true), 20)])!.Evaluate(0.9f), 1e-6f);

    [Fact]
    public void Fit_ManyAnswers_StaysWithinTheKnotsOfABundle() =>
        Assert.InRange(IsotonicFit.Fit([.. Enumerable.Range(0, 60_000).Select(i => (i / 60_000f, i % 60_000 < i))])!
            .Confidences.Count, 1, IsotonicMap.MaxKnots);

    [Fact]
    public void Fit_FewAnswers_IsNone() => Assert.Null(IsotonicFit.Fit(TooSure(19, 1)));

    [Theory]
    [InlineData(1.0, CalibrationKind.Temperature)]
    [InlineData(2.0, CalibrationKind.Temperature)]
    public void Auto_ModelsThatATemperatureMends_TakeIt(double temperature, CalibrationKind expected) =>
        Assert.Equal(expected, KindOf((logits, random) => Temper(logits, temperature, random)));

    [Fact]
    public void Auto_ModelRightNineTimesInTenHoweverSure_TakesTheCurve() => Assert.Equal(CalibrationKind.Isotonic,
        KindOf((logits, random) => random.NextDouble() < 0.9 ? Array.IndexOf(logits, logits.Max()) : random.Next(3)));

    /// <summary>What auto takes for a model that claims the softmax of its logits.</summary>
    static CalibrationKind KindOf(Func<double[], Random, int> draw)
    {
        var random = new Random(5);
        var predictions = new Predictions(3000, 3);
        var labels = new int[predictions.Flows];
        for (var flow = 0; flow < labels.Length; flow++)
        {
            double[] logits = [random.NextDouble() * 8, random.NextDouble() * 8, random.NextDouble() * 8];
            labels[flow] = draw(logits, random);
            var powers = logits.Select(Math.Exp).ToArray();
            for (var c = 0; c < powers.Length; c++)
            {
                predictions[flow][c] = (float)(powers[c] / powers.Sum());
            }
        }

        return ProbabilityFit.Choose(CalibrationKind.Auto, predictions, FlowSets.Sample(labels, 3),
            [.. Enumerable.Range(0, labels.Length).Select(i => i % 3)]);
    }

    static int Temper(double[] logits, double temperature, Random random)
    {
        var powers = logits.Select(l => Math.Exp(l / temperature)).ToArray();
        var at = random.NextDouble() * powers.Sum();
        return at < powers[0] ? 0 : at < powers[0] + powers[1] ? 1 : 2;
    }
}
