using ServeFlow.Benchmarks.Figures;
using Xunit;

namespace ServeFlow.Tests.Docs;

public sealed class FigureTests
{
    const string Command = "dotnet run -c Release --project benchmarks/ServeFlow.Benchmarks -- figures";

    [Fact]
    public void Pages_Figures_AreThoseOfTheResultFiles()
    {
        var outdated = FigurePages.All(Repository.Root)
            .Where(path => File.ReadAllText(path) is var page && page != FigurePages.Refresh(Repository.Root, page))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .ToList();

        Assert.True(outdated.Count == 0, $"{string.Join(", ", outdated)}: write the figures anew: {Command}");
    }

    [Theory]
    [InlineData("README.md", 2)]
    [InlineData("docs/evaluation.md", 3)]
    [InlineData("docs/performance.md", 8)]
    [InlineData("docs/scale.md", 8)]
    public void Page_HasItsBlocks(string page, int expected)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, page));

        Assert.Equal(expected, text.Split("<!-- figures: ").Length - 1);
        Assert.Equal(expected, text.Split("<!-- /figures -->").Length - 1);
    }

    [Fact]
    public void Refresh_AnotherNumberInABlock_IsPutRight()
    {
        const string Typed = "<!-- figures: rate amd-epyc-avx2 -->\n| 1 | 999,999 |\n<!-- /figures -->\nrest";

        var page = FigurePages.Refresh(Repository.Root, Typed);

        Assert.DoesNotContain("999,999", page);
        Assert.EndsWith("<!-- /figures -->\nrest", page);
        Assert.Equal(page, FigurePages.Refresh(Repository.Root, page));
    }

    [Fact]
    public void Refresh_UnknownKind_Throws() => Assert.Throws<ArgumentException>(() =>
        FigurePages.Refresh(Repository.Root, "<!-- figures: nonsense amd-epyc-avx2 -->\n<!-- /figures -->"));
}
