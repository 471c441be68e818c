using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class TemperatureFitTests
{
    static (Predictions Predictions, int[] Labels, int[] Flows) Honest(int flows)
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

        return (predictions, labels, [.. Enumerable.Range(0, flows)]);
    }

    [Fact]
    public void Fit_HonestProbabilities_LeavesThemNearlyAsTheyAre()
    {
        var (predictions, labels, flows) = Honest(5_000);

        Assert.Equal(1, TemperatureFit.Fit(predictions, labels, flows), 0.1);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(4)]
    public void Fit_ProbabilitiesDistortedByATemperature_FindsItsInverse(double distortion)
    {
        var (predictions, labels, flows) = Honest(5_000);
        foreach (var f in flows)
        {
            Temperature.Apply(predictions[f], 1 / distortion);
        }

        Assert.Equal(distortion, TemperatureFit.Fit(predictions, labels, flows), distortion * 0.1);
    }

    [Fact]
    public void Fit_ModelThatIsAlwaysRight_StaysWithinWhatABundleMayHold()
    {
        var predictions = new Predictions(50, 2);
        for (var f = 0; f < 50; f++)
        {
            (predictions[f][0], predictions[f][1]) = (0.9f, 0.1f);
        }

        var temperature = TemperatureFit.Fit(predictions, new int[50], [.. Enumerable.Range(0, 50)]);
        Assert.InRange(temperature, BundleLimits.MinTemperature, 1);
    }

    [Fact]
    public void Fit_AFewFlows_IsNotAttempted()
    {
        var (predictions, labels, _) = Honest(10);

        Assert.Equal(1, TemperatureFit.Fit(predictions, labels, [0, 1, 2]));
    }
}
