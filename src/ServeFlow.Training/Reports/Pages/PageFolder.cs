using System.Text.RegularExpressions;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>
/// Writes a page and, beside it, the numbers behind its figures and tables as CSV and each figure as SVG. All of it
/// appears or nothing, and what an earlier page of the name left beside it goes: no file is of another evaluation.
/// </summary>
static partial class PageFolder
{
    /// <summary>Writes everything; returns the page's path.</summary>
    /// <param name="name">The page's file name.</param>
    /// <param name="hasSafeCells">Whether cells that a spreadsheet would run as a formula are neutralised.</param>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public static string Write(HtmlPage page, string directory, string name, bool hasSafeCells)
    {
        var path = Path.Combine(directory, name);
        var isNew = !Directory.Exists(directory);
        var files = page.Data.Select(table => (Name: table.FileName, Text: table.ToString(hasSafeCells)))
            .Concat(page.Drawings.Select(figure => (Name: $"{figure.Name}.svg", Text: figure.Standalone)))
            .Append((Name: name, Text: page.ToString()))
            .Select(file => (Path: Path.Combine(directory, file.Name), file.Text)).ToList();
        try
        {
            Directory.CreateDirectory(directory);
            Replace(files, EarlierFiles(path));
            return path;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            if (isNew && Directory.Exists(directory))
            {
                Directory.Delete(directory);
            }

            throw new InputException($"{directory}: the report cannot be written ({e.Message}); check the path, its "
                + "permissions and the space left", e);
        }
    }

    /// <summary>Writes all files beside their places, then puts them there, the page last.</summary>
    static void Replace(IReadOnlyList<(string Path, string Text)> files, IReadOnlyList<string> earlier)
    {
        try
        {
            foreach (var (path, text) in files)
            {
                File.WriteAllText(Partial(path), text);
            }

            foreach (var path in earlier)
            {
                File.Delete(path);
            }

            foreach (var (path, _) in files)
            {
                File.Move(Partial(path), path, overwrite: true);
            }
        }
        finally
        {
            foreach (var (path, _) in files)
            {
                File.Delete(Partial(path));
            }
        }
    }

    static string Partial(string path) => path + ".partial";

    /// <summary>Lists the page that stands at a path, and the files that it names.</summary>
    static IReadOnlyList<string> EarlierFiles(string page) => !File.Exists(page)
        ? []
        : [page, .. NamedFile().Matches(File.ReadAllText(page))
            .Select(match => match.Groups["table"] is { Success: true } table
                ? table.Value
                : $"{match.Groups["figure"].Value}.svg")
            .Distinct().Select(file => Path.Combine(Path.GetDirectoryName(page)!, file))];

    [GeneratedRegex("""<span class="file">\((?<table>[\w-]+\.csv)\)</span>|<figure id="figure-(?<figure>[\w-]+)">""")]
    private static partial Regex NamedFile();
}
