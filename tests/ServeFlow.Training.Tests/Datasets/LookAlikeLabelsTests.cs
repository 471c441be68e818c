using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class LookAlikeLabelsTests
{
    [Theory]
    [InlineData("Web", "web")]
    [InlineData("video call", "video\u00a0call")]
    [InlineData("video  call", "video call")]
    public void Describe_TwoThatReadAlike_AreNamedWithTheirFlows(string first, string second) => Assert.Equal(
        [$"labels that look alike are 2 classes: '{first}' 3, '{second}' 1; write them alike if one is meant"],
        LookAlikeLabels.Describe([(first, 3), ("dns", 7), (second, 1)]));

    [Fact]
    public void Describe_DifferentLabels_SaysNothing() =>
        Assert.Empty(LookAlikeLabels.Describe([("web", 1), ("web2", 1), ("we b", 1)]));
}
