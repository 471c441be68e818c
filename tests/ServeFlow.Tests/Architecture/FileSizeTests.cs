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
}
