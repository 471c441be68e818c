using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Pages;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>The report of a small evaluation, as files.</summary>
public sealed class EvaluationReportTests(TrainedBundle bundle) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-report").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_Page_IsWellFormedAndSelfContained()
    {
        var html = File.ReadAllText(EvaluationReport.Write(new(bundle.Evaluated), At("report")));

        var page = ReportPage.Parse(html);
        Assert.NotEmpty(page.Drawings);
        Assert.NotEmpty(page.Sections);
        Assert.Empty(Regex.Matches(html,
            "<script|<link|<img|<iframe|@import|url\\(|https?://(?!www.w3.org/2000/svg)|src=|href=\"[^#]"));
        Assert.Empty(Regex.Matches(html, ">-0[^.]|NaN|∞|Infinity"));
    }

    [Fact]
    public void Write_EachFigureAndTable_HasItsFileAndNothingElseIsLeft()
    {
        var page = ReportPage.Parse(File.ReadAllText(EvaluationReport.Write(new(bundle.Evaluated), At("report"))));

        string[] named = [.. page.DataFiles, .. page.Figures.Select(f => $"{f}.svg"), "report.html"];
        Assert.Equal(named.Order(StringComparer.Ordinal),
            Directory.GetFiles(At("report")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(At("report"), "*.csv"), file => Assert.True(File.ReadLines(file).Count() > 1));
    }

    /// <summary>Figures of two evaluations side by side would be taken for one.</summary>
    [Fact]
    public void Write_OverAReportOfOtherTiers_LeavesNoneOfItsFiles()
    {
        var result = bundle.Evaluated;
        var page = EvaluationReport.Write(new(result), At("report"));
        File.WriteAllText(Path.Combine(At("report"), "notes.csv"), "mine");
        var before = Directory.GetFiles(At("report")).Select(Path.GetFileName).ToHashSet();
        var renamed = result with
        {
            Reliability = [.. result.Reliability.Select(r => r with { Tier = $"my-{r.Tier}" })],
        };
        EvaluationReport.Write(new(renamed), At("report"));

        var parsed = ReportPage.Parse(File.ReadAllText(page));
        string[] named = [.. parsed.DataFiles, .. parsed.Figures.Select(f => $"{f}.svg"), "report.html", "notes.csv"];
        var after = Directory.GetFiles(At("report")).Select(Path.GetFileName);
        Assert.Equal(named.Order(StringComparer.Ordinal), after.Order(StringComparer.Ordinal));
        Assert.NotEmpty(before.Except(after));
    }

    /// <summary>A directory stands where one of the last files would.</summary>
    [Fact]
    public void Write_PlaceThatCannotTakeAll_LeavesTheReportThatWasThere()
    {
        var page = EvaluationReport.Write(new(bundle.Evaluated), At("report"));
        var before = Directory.GetFiles(At("report")).ToDictionary(path => path, File.ReadAllText);
        Directory.CreateDirectory($"{page}.partial");

        Assert.Throws<InputException>(() => EvaluationReport.Write(new(bundle.Audited), At("report")));
        Assert.Equal(before, Directory.GetFiles(At("report")).ToDictionary(path => path, File.ReadAllText));
    }

    [Fact]
    public void Write_LabelsThatCommand_AreEscapedInPageDrawingsAndTables()
    {
        var labels = Enumerable.Range(0, bundle.Evaluated.Labels.Count)
            .Select(i => $"=<b>{i}\u001b[2J\0\u009b\u202e\r\n]]>&\"'");
        var content = new ReportContent(bundle.Evaluated with { Labels = [.. labels] }) { HasSafeCells = true };
        var html = File.ReadAllText(EvaluationReport.Write(content, At("report")));

        Assert.NotEmpty(ReportPage.Parse(html).Drawings);
        Assert.Contains("=&lt;b&gt;0\\x1b[2J", html);
        Assert.All(Directory.GetFiles(At("report"), "*.svg"), file => XElement.Parse(File.ReadAllText(file)));
        Assert.All(Directory.GetFiles(At("report")), file =>
            Assert.True(PrintableText.IsPrintable(File.ReadAllText(file).Replace("\n", ""))));
        Assert.Contains("'=<b>0\\x1b[2J", File.ReadAllText(Path.Combine(At("report"), "classes.csv")));
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesWithoutPaths()
    {
        var first = File.ReadAllText(EvaluationReport.Write(new(bundle.Evaluated), At("first")));
        var second = File.ReadAllText(EvaluationReport.Write(new(bundle.Evaluated), At("second")));

        Assert.Equal(first, second);
        Assert.DoesNotContain(Path.GetTempPath().TrimEnd('/'), first, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.MachineName, first, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_TableOfContents_NamesEverySection()
    {
        var page = ReportPage.Parse(EvaluationReport.Page(new(bundle.Evaluated)).ToString());

        Assert.Equal(page.Sections, page.Contents);
    }

    [Fact]
    public void CheckTarget_AFile_IsRefusedAndANewDirectoryNotMade()
    {
        File.WriteAllText(At("file"), "");

        Assert.Throws<InputException>(() => EvaluationReport.CheckTarget(At("file")));
        Assert.Throws<InputException>(() => EvaluationReport.CheckTarget(Path.Combine(At("file"), "below")));
        EvaluationReport.CheckTarget(At("new"));
        Assert.False(Directory.Exists(At("new")));
    }

    string At(string name) => Path.Combine(folder, name);
}
