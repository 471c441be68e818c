using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using Xunit;

namespace ServeFlow.Training.Tests.Evaluation;

public sealed class SystemScoreTests
{
    [Fact]
    public void From_AnswersAtTheLimits_AreNotUnderThem()
    {
        var matrix = new ConfusionMatrix(1);
        matrix.Add(0, 0, 4);

        var score = SystemScore.From(matrix, [0.5, 1, 15, 16], 1);

        Assert.Equal((0.25, 0.75), (score.Under1Ms, score.Under16Ms));
    }

    [Fact]
    public void From_UnansweredFlow_LowersEveryShare()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(0, 0);
        matrix.Add(1, ConfusionMatrix.Unanswered);

        var score = SystemScore.From(matrix, [0.5], 1);

        Assert.Equal((1, 1), (score.Answered, score.Unanswered));
        Assert.Equal((0.5, 0.5, 0.5), (score.Accuracy, score.Under1Ms, score.Under16Ms));
    }
}
