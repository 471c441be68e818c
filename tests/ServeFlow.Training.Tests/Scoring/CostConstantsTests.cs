using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

public sealed class CostConstantsTests : IDisposable
{
    static readonly CostConstants Constants = new(100, 10, 1, 0.1, 2, 0.5, 0.25);

    readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void Estimate_Forest_AddsUpWhatItHasToDo() =>
        Assert.Equal(100 + 30 + 40 + 20 + 14, Constants.Estimate(new(7, 200, 40, 30, 0), 3), 1e-9);

    [Fact]
    public void Estimate_ModelThatIsNoForest_CountsColumnsAndBytes() =>
        Assert.Equal(100 + 10 + 15 + 1000, Constants.Estimate(new(0, 0, 0, 30, 4000), 1), 1e-9);

    [Fact]
    public void Default_DeeperAndLargerModels_CostMore()
    {
        var small = CostConstants.Default.Estimate(new ModelWork(1, 100, 50, 50, 0), 1);

        Assert.True(small > 0);
        Assert.True(CostConstants.Default.Estimate(new(1, 100, 50, 50, 0), 10) > small);
        Assert.True(CostConstants.Default.Estimate(new(600, 18_000, 2000, 900, 0), 1) > small);
        Assert.True(CostConstants.Default.Estimate(new(0, 0, 0, 1024, 400_000), 1) > small);
    }

    [Fact]
    public void Read_WhatToJsonWrote_IsTheSame()
    {
        File.WriteAllText(path, Constants.ToJson());

        Assert.Equal(Constants, CostConstants.Read(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"flow\": 1}")]
    [InlineData("{\"flow\":0,\"packet\":1,\"plane\":1,\"node\":1,\"tree\":1,\"column\":1,\"byte\":1}")]
    [InlineData("{\"flow\":9,\"packet\":1,\"plane\":-1,\"node\":1,\"tree\":1,\"column\":1,\"byte\":1}")]
    public void Read_NoConstants_NamesTheFileAndTheRemedy(string text)
    {
        File.WriteAllText(path, text);

        var message = Assert.Throws<InputException>(() => CostConstants.Read(path)).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("bench costs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_NamesIt() =>
        Assert.Contains("/no/such", Assert.Throws<InputException>(() => CostConstants.Read("/no/such")).Message,
            StringComparison.Ordinal);
}
