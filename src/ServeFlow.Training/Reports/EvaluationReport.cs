using ServeFlow.Training.Reports.Pages;
using ServeFlow.Training.Reports.Sections;

namespace ServeFlow.Training.Reports;

/// <summary>
/// An evaluation as one self-contained page, with the numbers behind each figure and table as CSV, and each figure as
/// SVG. The same evaluation gives the same bytes: no date, no path, no machine's name.
/// </summary>
public static class EvaluationReport
{
    /// <summary>
    /// Lists the parts in the order of the page; each leaves itself out, or says what is missing, where there is
    /// nothing.
    /// </summary>
    static readonly IReadOnlyList<Action<HtmlPage, ReportContent>> Parts =
    [
        OverviewSections.AddSummary, OverviewSections.AddPaper, OverviewSections.AddSystems, TimingSections.AddFlows,
        TimingSections.AddLatency, TimingSections.AddWait, TierSections.AddCandidates, TierSections.AddPlacement,
        TierSections.AddAssignment, TimingSections.AddLoad, ClassSections.AddClasses, ClassSections.AddReliability,
        ClassSections.AddUnknown, ValiditySections.AddImportance, ValiditySections.AddAudit,
        ValiditySections.AddErrors, ValiditySections.AddReproduction,
    ];

    /// <summary>Writes report.html and, for each of its figures and tables, the files; returns the page's
    /// path.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public static string Write(ReportContent content, string directory) =>
        PageFolder.Write(Page(content), directory, "report.html", content.HasSafeCells);

    /// <summary>Checks, before the evaluation, that a report can be written to a directory.</summary>
    /// <exception cref="InputException">It is a file, or cannot be made.</exception>
    public static void CheckTarget(string directory)
    {
        if (File.Exists(directory))
        {
            throw new InputException($"{directory}: is a file, and a report is a directory; give another place")
            {
                Settings = [Setting.Report],
            };
        }

        try
        {
            var isNew = !Directory.Exists(directory);
            Directory.CreateDirectory(directory);
            if (isNew)
            {
                Directory.Delete(directory); // nothing stays behind if the evaluation fails
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{directory}: cannot be made ({e.Message}); give the report a directory "
                + "that can be written", e)
            {
                Settings = [Setting.Report],
            };
        }
    }

    internal static HtmlPage Page(ReportContent content)
    {
        var manifest = content.Result.Bundle.Manifest;
        var page = new HtmlPage($"{manifest.Name} {manifest.Version}: what the cascade is worth");
        foreach (var add in Parts)
        {
            add(page, content);
        }

        return page;
    }
}
