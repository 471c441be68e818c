using System.Xml.Linq;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Figures;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>No text of any drawing covers another or leaves its drawing, whatever the number of classes.</summary>
public sealed class TextOverlapTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-report").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(27)]
    public void Page_TextsOfDrawings_StandApart(int classes)
    {
        var page = ReportPage.Parse(EvaluationReport.Page(FakeEvaluation.Create(classes, folder)).ToString());

        Assert.True(page.Drawings.Count >= 15, $"only {page.Drawings.Count} drawings");
        Assert.All(page.Drawings, AssertApart);
    }

    [Fact]
    public void Unknown_ClassesOfLongNames_StandApart() =>
        AssertApart(XElement.Parse(UnknownFigure.Draw(new(0.05, 0.9, 2000, 90,
        [.. Enumerable.Range(1, 27).Select(i =>
            new BundleLeftOut($"a-class-of-an-uncommonly-long-name-{i}", i, 1.0 / i, 0.5, 0.04, []))])).Svg));

    static void AssertApart(XElement drawing)
    {
        var (texts, canvas) = (DrawingTexts.Find(drawing), DrawingTexts.Canvas(drawing));
        var label = drawing.Attribute("aria-label")!.Value;
        foreach (var (i, (text, box)) in texts.Index())
        {
            if (!canvas.Contains(box))
            {
                Assert.Fail($"{label}: '{text}' at {box} leaves {canvas}");
            }

            foreach (var (other, otherBox) in texts.Skip(i + 1).Where(t => box.Overlaps(t.Box)))
            {
                Assert.Fail($"{label}: '{text}' at {box} covers '{other}' at {otherBox}");
            }
        }
    }
}
