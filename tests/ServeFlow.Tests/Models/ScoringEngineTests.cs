using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Tests.Models;

public sealed class ScoringEngineTests
{
    [Theory]
    [InlineData("reference", ScoringEngine.Reference)]
    [InlineData("portable", ScoringEngine.Portable)]
    [InlineData("avx2", ScoringEngine.Avx2)]
    [InlineData("avx512", ScoringEngine.Avx512)]
    public void Parse_Name_IsThatEngineOnAnyProcessor(string name, ScoringEngine expected) =>
        Assert.Equal(expected, ScoringEngines.Parse(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bitsliced")]
    public void Parse_NothingForced_IsTheBest(string? value) =>
        Assert.Equal(ScoringEngines.Best, ScoringEngines.Parse(value));

    [Fact]
    public void Parse_UnknownName_SaysWhichThereAre()
    {
        var message = Assert.Throws<InputException>(() => ScoringEngines.Parse("avx3")).Message;

        Assert.Contains("SERVEFLOW_ENGINE=avx3", message);
        Assert.Contains("portable", message);
    }
}
