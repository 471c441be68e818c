using Xunit;

namespace ServeFlow.Tests.Architecture;

public sealed class FileSizeTests
{
    const int Limit = 500;

    /// <summary>Files that may be longer, each with its reason. Empty is best.</summary>
    static readonly Dictionary<string, string> exceptions = [];

    [Fact]
    public void SourceFiles_AreShorterThanTheLimit()
    {
        var long500 = Repository.SourceFiles()
            .Where(file => !exceptions.ContainsKey(Path.GetFileName(file)))
            .Select(file => (Path.GetRelativePath(Repository.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines >= Limit);

        Assert.Empty(long500);
    }

    /// <summary>Raw string literals are exempt: their line ends are part of the text.</summary>
    [Fact]
    public void Lines_EndWithin120Columns()
    {
        var wide = Repository.SourceFiles().SelectMany(file => LinesOutsideRawStrings(file)
            .Where(line => line.Text.Length > 120)
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number}"));

        Assert.Empty(wide);
    }

    [Fact]
    public void Folders_HoldAtMost30SourceFiles()
    {
        var crowded = Repository.SourceFiles().CountBy(file => Path.GetDirectoryName(file)!)
            .Where(folder => folder.Value > 30);

        Assert.Empty(crowded);
    }

    [Fact]
    public void Readme_IsAtMost250Lines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "README.md")).Count(), 1, 250);

    static IEnumerable<(int Number, string Text)> LinesOutsideRawStrings(string file)
    {
        var isRaw = false;
        foreach (var (index, text) in File.ReadLines(file).Index())
        {
            var wasRaw = isRaw;
            isRaw ^= text.Split("\"\"\"").Length % 2 == 0;
            if (!wasRaw && !isRaw)
            {
                yield return (index + 1, text);
            }
        }
    }
}
