using System.Text.RegularExpressions;
using Xunit;

namespace ServeFlow.Tests.Docs;

/// <summary>Holds every relative link of a Markdown page to a file, and its anchor to a heading of that file.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Links_Relative_LeadToAFileAndAHeading()
    {
        var broken = Pages().SelectMany(page => Link().Matches(WithoutCode(File.ReadAllText(page)))
            .Select(link => link.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Leads(page, target))
            .Select(target => $"{Path.GetRelativePath(Repository.Root, page)}: {target}"));

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("docs/", true)]
    [InlineData("#licence", true)]
    [InlineData("#no-such-heading", false)]
    [InlineData("docs/no-such-page.md", false)]
    public void Leads_FromTheReadme_IsAsExpected(string target, bool expected) =>
        Assert.Equal(expected, Leads(Path.Combine(Repository.Root, "README.md"), target));

    [Fact]
    public void DocsReadme_NamesEveryPage()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        var index = File.ReadAllText(Path.Combine(docs, "README.md"));
        var missing = Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(docs, path))
            .Where(path => path != "README.md" && !path.StartsWith("decisions", StringComparison.Ordinal))
            .Where(path => !index.Contains($"]({path})", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    static IEnumerable<string> Pages() => new[] { "docs", "examples", ".github" }
        .Select(folder => Path.Combine(Repository.Root, folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
        .Append(Path.Combine(Repository.Root, "benchmarks", "README.md"));

    static bool Leads(string page, string target)
    {
        var parts = target.Split('#');
        var (path, anchor) = (parts[0], parts.ElementAtOrDefault(1));
        var file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        return (File.Exists(file) || Directory.Exists(file)) && (anchor is null || Anchors(file).Contains(anchor));
    }

    /// <summary>
    /// Gets the anchors of a page's headings, as GitHub makes them: lower case, hyphens, no punctuation.
    /// </summary>
    static IEnumerable<string> Anchors(string page) => WithoutCode(File.ReadAllText(page)).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => NoAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    static string WithoutCode(string page) => Code().Replace(page, "");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
