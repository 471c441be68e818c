using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServeFlow.Cascade;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Placement;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>The report of a small evaluation, as files.</summary>
public sealed class EvaluationReportTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-report").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_Page_IsWellFormedAndSelfContained()
    {
        var html = File.ReadAllText(EvaluationReport.Write(Evaluate(), At("report")));

        Assert.Empty(Regex.Matches(html, "<script|<link|<img|<iframe|@import|url\\(|https?:|src=|href="));
        var drawings = Regex.Matches(html, "<svg.*?</svg>", RegexOptions.Singleline);
        Assert.Equal(3, drawings.Count);
        Assert.All(drawings, drawing => Assert.Equal("svg", XElement.Parse(drawing.Value).Name.LocalName));
        var body = Regex.Match(html, "<body>.*</body>", RegexOptions.Singleline).Value;
        Assert.NotEmpty(XElement.Parse(body).Elements("h2"));
        Assert.DoesNotContain(">-0", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EachFigure_HasItsCsvAndNothingElseIsLeft()
    {
        EvaluationReport.Write(Evaluate(), At("report"));

        Assert.Equal(["confusion.csv", "curves.csv", "latency.csv", "report.html"],
            Directory.GetFiles(At("report")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(At("report"), "*.csv"), file => Assert.True(File.ReadLines(file).Count() > 1));
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

    EvaluationResult Evaluate()
    {
        var summary = CascadeTrainer.Train(new()
        {
            Data = SessionFlows.Data(),
            Bundle = At("iot"),
            Trainers = [new DtTrainer()],
            Depths = [1, 3],
            Tiers = TierSpec.ParseList("dt@1,dt@3"),
            HoldOut = 0.25,
            Options = new() { Threads = 1 },
        });
        return Evaluator.Run(new() { Bundle = Bundle.Load(summary.Bundle), Data = SessionFlows.Data() });
    }

    string At(string name) => Path.Combine(folder, name);
}
