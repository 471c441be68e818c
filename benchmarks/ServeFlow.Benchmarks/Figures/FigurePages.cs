using System.Text.RegularExpressions;

namespace ServeFlow.Benchmarks.Figures;

/// <summary>
/// Keeps measured figures in the documentation equal to the committed result files. A block of figures stands between
/// two comments, <c>figures: KIND PROCESSOR</c> and <c>/figures</c>; what is between them is written, never typed.
/// </summary>
static partial class FigurePages
{
    /// <summary>Gets the pages that may hold figures: README.md and everything in docs.</summary>
    public static IEnumerable<string> All(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Prepend(Path.Combine(root, "README.md"));

    /// <summary>Returns a page with every block of figures written anew.</summary>
    /// <param name="root">The checkout, in which <c>benchmarks/results</c> lies.</param>
    /// <param name="page">The page's text.</param>
    public static string Refresh(string root, string page) => Block().Replace(page, block =>
    {
        var results = new ResultFiles(Path.Combine(root, "benchmarks", "results", block.Groups["processor"].Value));
        var text = FigureText.Write(block.Groups["kind"].Value, results);
        return $"{block.Groups["open"].Value}\n{text}\n<!-- /figures -->";
    });

    /// <summary>Writes all pages anew, or only says which are out of date.</summary>
    /// <returns>The process's exit code: 1 if pages were to be checked and one is out of date.</returns>
    public static int Run(string root, bool check)
    {
        var changed = All(root).Where(path => File.ReadAllText(path) != Refresh(root, File.ReadAllText(path))).ToList();
        foreach (var path in changed)
        {
            Console.WriteLine($"{(check ? "out of date" : "written")}: {Path.GetRelativePath(root, path)}");
            if (!check)
            {
                File.WriteAllText(path, Refresh(root, File.ReadAllText(path)));
            }
        }

        return check && changed.Count > 0 ? 1 : 0;
    }

    [GeneratedRegex(
        @"(?<open><!-- figures: (?<kind>\S+) (?<processor>\S+) -->)\n.*?<!-- /figures -->", RegexOptions.Singleline)]
    private static partial Regex Block();
}
