using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class MixtureSeriesTests
{
    static readonly ConfusionMatrix Nothing = new(CalibrationGen.Classes);

    [Fact]
    public void Series_AnyFlows_RunFromFastAloneToSlowAlone() => CalibrationGen.Samples.Sample(samples =>
    {
        foreach (var series in new[] { MixtureSeries.Random(Nothing, samples), MixtureSeries.Oracle(Nothing, samples) })
        {
            Assert.Equal((0.0, 1.0), (series[0].Share, Math.Round(series[^1].Share, 12)));
            Assert.Equal(F1(samples, s => s.Fast), series[0].WeightedF1, 9);
            Assert.Equal(F1(samples, s => s.Slow), series[^1].WeightedF1, 9);
            Assert.All(series.Zip(series.Skip(1)), p => Assert.True(p.First.Share < p.Second.Share));
        }
    });

    [Fact]
    public void Random_HalfOfTheFlows_IsWhatManyDrawsComeTo()
    {
        var samples = Enumerable.Range(0, 400).Select(i => new AssignmentSample(i % 4, i * 7 % 5 % 4, i * 3 % 7 % 4, 0))
            .ToArray();
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 400).Average(_ => F1(samples, s => random.Next(2) == 0 ? s.Fast : s.Slow));

        Assert.Equal(drawn, MixtureSeries.Random(Nothing, samples)[MixtureSeries.Steps / 2].WeightedF1, 2);
    }

    [Fact]
    public void Area_ALine_IsItsMeanHeight() =>
        Assert.Equal(0.625, MixtureSeries.Area([new(0, 0.5), new(0.5, 0.5), new(1, 1)]), 12);

    static double F1(AssignmentSample[] samples, Func<AssignmentSample, int> answer)
    {
        var matrix = new ConfusionMatrix(CalibrationGen.Classes);
        foreach (var sample in samples)
        {
            matrix.Add(sample.Label, answer(sample));
        }

        return matrix.WeightedF1;
    }
}
