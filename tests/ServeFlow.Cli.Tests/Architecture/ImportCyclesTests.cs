using Xunit;

namespace ServeFlow.Cli.Tests.Architecture;

public sealed class ImportCyclesTests
{
    [Fact]
    public void Find_TwoCyclesAndATail_NamesBoth() => Assert.Equal(["b, c", "d, e, f"], ImportCycles.Find(
        [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d"), ("f", "g")]).Order());

    [Fact]
    public void Find_DiamondWithoutACycle_NamesNone() =>
        Assert.Empty(ImportCycles.Find([("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]));
}
