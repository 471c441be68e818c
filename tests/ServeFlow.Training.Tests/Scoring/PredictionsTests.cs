using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

public sealed class PredictionsTests
{
    [Fact]
    public void TopClass_EquallyProbableClasses_IsTheOneThatServingAnswers()
    {
        var predictions = new Predictions(1, 4);
        new[] { 0.1f, 0.4f, 0.4f, 0.1f }.CopyTo(predictions[0]);

        var served = TierRule.ForLastTier(1, UncertaintyMeasure.Margin, 4).Decide(predictions[0].ToArray()).LabelId;

        Assert.Equal((1, 1), (predictions.TopClass(0), served));
    }
}
