using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Pages;
using Xunit;

namespace ServeFlow.Training.Tests.Reports.Pages;

/// <summary>What drawings show is what their files hold, and what the evaluation found.</summary>
public sealed class FigureDataTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-report").FullName;
    readonly ReportContent content;
    readonly HtmlPage page;

    public FigureDataTests()
    {
        content = FakeEvaluation.Create(11, folder);
        page = EvaluationReport.Page(content);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Points are read back from their pixels by the axes' own ticks.</summary>
    [Theory]
    [InlineData("latency", 1, 2, false)]
    [InlineData("latency-by-tier", 1, 2, false)]
    [InlineData("waiting", 1, 2, false)]
    [InlineData("assignment-fastest", 1, 2, true)]
    [InlineData("assignment-fast", 1, 2, true)]
    [InlineData("service-rate", 0, 1, true)]
    [InlineData("missed-flows", 1, 2, true)]
    public void Drawing_PointsOfItsSeries_AreThoseOfTheFile(string name, int x, int y, bool isLinear)
    {
        var figure = page.Drawings.Single(f => f.Name == name);
        var svg = XElement.Parse(figure.Svg);
        var (scaleX, scaleY) =
            (PixelScale.FromAxis(svg, "data-x", isLinear), PixelScale.FromAxis(svg, "data-y", isLinear: true));

        var rows = figure.Data.Rows.GroupBy(row => x == 0 ? "" : row[0]);
        var lines = svg.Elements().Where(e => e.Name.LocalName == "path" && e.Attribute("data-series") is not null)
            .GroupBy(e => e.Attribute("data-series")!.Value).ToDictionary(g => g.Key, g => g.First());
        foreach (var series in rows)
        {
            var path = series.Key.Length > 0 ? lines[series.Key] : lines.First(l => l.Key != "offered").Value;
            var corners = Corners(path).ToList();
            if (corners.Count != series.Count())
            {
                continue; // a mark: one point drawn as a shape
            }

            Assert.All(series.Zip(corners), pair =>
            {
                Assert.Equal(scaleX.At(Number(pair.First[x])), pair.Second.X, 0.02);
                Assert.Equal(scaleY.At(Number(pair.First[y])), pair.Second.Y, 0.02);
            });
        }
    }

    [Fact]
    public void Confusion_CellsAndFile_AreTheMatrix()
    {
        var figure = page.Drawings.Single(f => f.Name == "confusion");
        var (labels, matrix) = (content.Result.Labels, content.Result.Confusion);

        Assert.All(figure.Data.Rows, row =>
            Assert.Equal(matrix[labels.ToList().IndexOf(row[0]), labels.ToList().IndexOf(row[1])], int.Parse(row[2])));
        var drawn = XElement.Parse(figure.Svg).Elements().Where(e => e.Attribute("data-flows") is not null)
            .ToDictionary(e => (e.Attribute("data-truth")!.Value, e.Attribute("data-answer")!.Value),
                e => e.Attribute("data-flows")!.Value);
        Assert.Equal(figure.Data.Rows.Where(r => r[2] != "0").ToDictionary(r => (r[0], r[1]), r => r[2]), drawn);
        Assert.Equal(matrix.Total, figure.Data.Rows.Sum(r => int.Parse(r[2])));
    }

    [Fact]
    public void Reliability_File_HoldsEveryBin()
    {
        var tier = content.Result.Reliability[0];
        var rows = page.Drawings.Single(f => f.Name == "reliability-fastest")
            .Data.Rows.Where(r => r[0] == "reaching" && r[1] == "after");

        Assert.Equal(tier.Reaching.After.Bins.Select(b =>
            (NumberText.Raw(b.Confidence), NumberText.Raw(b.Accuracy), $"{b.Flows}")),
            rows.Select(r => (r[2], r[3], r[4])));
    }

    [Fact]
    public void Pareto_FileAndMarks_AreThePlacements()
    {
        var placement = content.Result.Bundle.Manifest.Placement!;
        var figure = page.Drawings.Single(f => f.Name == "pareto-median");

        Assert.Equal(placement.Candidates.Select(c => (NumberText.Raw(c.MedianMs), NumberText.Raw(c.WeightedF1))),
            figure.Data.Rows.Where(r => r[0] == "model").Select(r => (r[2], r[3])));
        Assert.Equal(NumberText.Raw(placement.Chosen.WeightedF1),
            Assert.Single(figure.Data.Rows, r => r[0] == "chosen")[3]);
        var svg = XElement.Parse(figure.Svg);
        var scale = PixelScale.FromAxis(svg, "data-y", isLinear: true);
        var trees = placement.Candidates.Where(c => c.Model == "dt").Select(c => scale.At(c.WeightedF1));
        Assert.Equal(trees, Marks(svg, "decision tree").Select(m => Corners(m).Average(c => c.Y)),
            (a, b) => Math.Abs(a - b) < 0.02);
    }

    [Fact]
    public void Importance_FileAndRows_AreTheReports()
    {
        var fields = content.Result.Importance!.Fields;
        var figure = page.Drawings.Single(f => f.Name == "importance-fields");

        Assert.Equal(fields.Select(f => (f.Name, NumberText.Raw(f.Losses[1].Mean))),
            figure.Data.Rows.Select(r => (r[0], r[3])));
        Assert.Equal(fields.Take(16).Select(f => f.Losses[1].Mean),
            Marks(XElement.Parse(figure.Svg), "fastest").Select(m => Number(m.Attribute("data-value")!.Value)));
    }

    [Fact]
    public void Tables_Systems_AreTheEvaluations()
    {
        var rows = page.Data.Single(d => d.Name == "systems");

        Assert.Equal(content.Result.Systems.Select(s => NumberText.Raw(s.Score.WeightedF1)),
            rows.Rows.Select(r => r[1]));
        Assert.Equal(content.Result.Systems.Select(s => NumberText.Raw(s.Score.MedianMs)), rows.Rows.Select(r => r[4]));
    }

    [Fact]
    public void Tables_Classes_AreTheMatrixAndThePaths()
    {
        var (matrix, paths) = (content.Result.Confusion, content.Result.Paths);
        var table = page.Data.Single(d => d.Name == "classes");
        IEnumerable<string> Column(string name) => table.Rows.Select(r => r[table.Head.Index().Single(
            head => head.Item == name).Index]);

        Assert.Equal(matrix.Total, Column("flows").Sum(int.Parse));
        Assert.Equal(Enumerable.Range(0, matrix.Classes).Select(c => NumberText.Raw(matrix.F1(c))), Column("f1"));
        Assert.Equal(paths.Classes.Select(c => NumberText.Raw(c.MedianMs)), Column("median_ms"));
        Assert.Equal(content.Result.Classes.Select(c => NumberText.Raw(c.Interval!.Recall!.Value.High)),
            Column("recall_high"));
    }

    static IEnumerable<XElement> Marks(XElement svg, string series) =>
        svg.Elements().Where(e => e.Attribute("data-series")?.Value == series);

    static IEnumerable<(double X, double Y)> Corners(XElement path) =>
        Regex.Matches(path.Attribute("d")!.Value, @"([-\d.]+) ([-\d.]+)")
            .Select(m => (Number(m.Groups[1].Value), Number(m.Groups[2].Value)));

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
