using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class TemperatureFitTests
{
    static (Predictions Predictions, FlowSample Flows) Honest(int flows)
    {
        var random = new Random(5);
        var predictions = new Predictions(flows, 2);
        var labels = new int[flows];
        for (var f = 0; f < flows; f++)
        {
            var p = random.NextSingle();
            (predictions[f][0], predictions[f][1]) = (p, 1 - p);
            labels[f] = random.NextSingle() < p ? 0 : 1;
        }

        return (predictions, FlowSets.Sample(labels, 2));
    }

    [Fact]
    public void Fit_HonestProbabilities_LeavesThemNearlyAsTheyAre()
    {
        var (predictions, flows) = Honest(5_000);

        Assert.Equal(1, TemperatureFit.Fit(predictions, flows), 0.1);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(4)]
    public void Fit_ProbabilitiesDistortedByATemperature_FindsItsInverse(double distortion)
    {
        var (predictions, flows) = Honest(5_000);
        for (var f = 0; f < flows.Count; f++)
        {
            Temperature.Apply(predictions[f], 1 / distortion);
        }

        Assert.Equal(distortion, TemperatureFit.Fit(predictions, flows), distortion * 0.1);
    }

    [Fact]
    public void Fit_ModelThatIsAlwaysRight_StaysWithinWhatABundleMayHold()
    {
        var predictions = new Predictions(50, 2);
        for (var f = 0; f < 50; f++)
        {
            (predictions[f][0], predictions[f][1]) = (0.9f, 0.1f);
        }

        var temperature = TemperatureFit.Fit(predictions, FlowSets.Sample(new int[50], 2));
        Assert.InRange(temperature, BundleLimits.MinTemperature, 1);
    }

    /// <summary>Single trees give certainties; nine in ten of these are right, and scaled they say so.</summary>
    [Fact]
    public void Fit_ModelOfCertainties_IsScaledToTheShareThatIsRight()
    {
        var predictions = new Predictions(100, 2);
        var labels = new int[100];
        for (var f = 0; f < 100; f++)
        {
            predictions[f][0] = 1;
            labels[f] = f % 10 == 0 ? 1 : 0;
        }

        var temperature = TemperatureFit.Fit(predictions, FlowSets.Sample(labels, 2));
        Temperature.Apply(predictions[0], temperature);

        Assert.Equal(0.9f, predictions[0][0], 0.001f);
    }

    [Fact]
    public void Fit_AFewFlows_IsNotAttempted()
    {
        var (predictions, flows) = Honest(10);

        Assert.Equal(1, TemperatureFit.Fit(predictions, flows));
    }

    /// <summary>Flows with the same probabilities share the work, and nothing else.</summary>
    [Fact]
    public void Fit_RowsThatAreAlike_IsToTheLastBitThatOfEachFlowByItself()
    {
        var random = new Random(6);
        var rows = Enumerable.Range(0, 20).Select(_ => (float[])[random.NextSingle(), 0, random.NextSingle()]).ToList();
        var (predictions, labels) = (new Predictions(500, 3), new int[500]);
        for (var f = 0; f < labels.Length; f++)
        {
            rows[random.Next(rows.Count)].CopyTo(predictions[f]);
            labels[f] = random.Next(3);
        }

        var slow = 1 / TemperatureFit.GoldenSection(1.0 / 10, 1 / 0.2, inverse => Enumerable.Range(0, labels.Length)
            .Aggregate(0.0, (sum, f) => sum + NegativeLogLikelihood(predictions[f], labels[f], inverse)));

        Assert.Equal(slow, TemperatureFit.Fit(predictions, FlowSets.Sample(labels, 3)));
    }

    static double NegativeLogLikelihood(ReadOnlySpan<float> probabilities, int label, double inverse)
    {
        double[] logs = [.. probabilities.ToArray().Select(p => Math.Log(Math.Max(p, Temperature.Floor)))];
        var top = logs.Max();
        return Math.Log(logs.Aggregate(0.0, (sum, log) => sum + Math.Exp((log - top) * inverse)))
            - ((logs[label] - top) * inverse);
    }
}
