using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

public sealed class ModelSpecTests
{
    [Fact]
    public void ParseList_ThreeTiers_KeepsTheirOrder() =>
        Assert.Equal([new("dt", 1), new("lgbm", 1), new("lgbm", 10)], ModelSpec.ParseList("dt@1, lgbm@1,lgbm@10"));

    [Theory]
    [InlineData("dt")]
    [InlineData("dt@")]
    [InlineData("@1")]
    [InlineData("dt@0")]
    [InlineData("dt@-1")]
    [InlineData("dt@1,")]
    [InlineData("")]
    [InlineData("dt@10,lgbm@1")]
    [InlineData("dt@1,dt@1")]
    public void ParseList_NotAList_SaysWhatIsWrong(string text) =>
        Assert.Equal([Setting.Tiers], Assert.Throws<InputException>(() => ModelSpec.ParseList(text)).Settings);

    [Theory]
    [InlineData(1, "slow")]
    [InlineData(2, "fast,slow")]
    [InlineData(3, "fastest,fast,slow")]
    [InlineData(4, "fastest,fast,fast2,slow")]
    public void TierName_AnyNumberOfTiers_AreTold(int tiers, string names) =>
        Assert.Equal(names, string.Join(',', Enumerable.Range(0, tiers).Select(t => TierName.From(t, tiers))));
}
