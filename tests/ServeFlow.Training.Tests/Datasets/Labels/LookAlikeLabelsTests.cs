using ServeFlow.Training.Datasets.Labels;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

/// <summary>Labels that a reader takes for one, in the report on labels.</summary>
public sealed class LookAlikeLabelsTests
{
    [Theory]
    [InlineData("Web", "web")]
    [InlineData("video call", "video\u00a0call")]
    [InlineData("video  call", "video call")]
    public void DescribeLookAlikes_TwoThatReadAlike_AreNamedWithTheirFlows(string first, string second) => Assert.Equal(
        [$"labels that look alike are 2 classes: '{first}' 3, '{second}' 1; write them alike if one is meant"],
        LabelReport.DescribeLookAlikes([(first, 3), ("dns", 7), (second, 1)]));

    /// <summary>As a directory that macOS made and one that others made.</summary>
    [Fact]
    public void DescribeLookAlikes_AccentsEncodedInTwoWays_AreNamedWithTheirEncoding() => Assert.Equal(
        ["labels that look alike are 3 classes: 'caf\u00e9' (NFC) 3, 'cafe\u0301' (accents as marks of their "
            + "own, NFD) 1, 'Caf\u00e9' 2; write them alike if one is meant"],
        LabelReport.DescribeLookAlikes([("caf\u00e9", 3), ("cafe\u0301", 1), ("Caf\u00e9", 2), ("caf\u00e8", 1)]));

    [Fact]
    public void DescribeLookAlikes_DifferentLabels_SaysNothing() =>
        Assert.Empty(LabelReport.DescribeLookAlikes([("web", 1), ("web2", 1), ("we b", 1)]));
}
