namespace ServeFlow.Training.Reports.Pages;

/// <summary>Writes a page and, beside it, the numbers behind its figures and tables as CSV and each figure as SVG.
/// </summary>
static class PageFolder
{
    /// <summary>Writes everything; returns the page's path.</summary>
    /// <param name="name">The page's file name.</param>
    /// <param name="hasSafeCells">Whether cells that a spreadsheet would run as a formula are neutralised.</param>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public static string Write(HtmlPage page, string directory, string name, bool hasSafeCells)
    {
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var table in page.Data)
            {
                Put(Path.Combine(directory, table.FileName), table.ToString(hasSafeCells));
            }

            foreach (var figure in page.Drawings)
            {
                Put(Path.Combine(directory, $"{figure.Name}.svg"), figure.Standalone);
            }

            var path = Path.Combine(directory, name);
            Put(path, page.ToString());
            return path;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{directory}: the report cannot be written ({e.Message}); check the path, its "
                + "permissions and the space left", e);
        }
    }

    static void Put(string path, string text)
    {
        var partial = path + ".partial";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
