using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>In the diagram of the flows' way nothing is lost: what comes to a tier leaves it.</summary>
public sealed class FlowsFigureTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-report").FullName;
    readonly EvaluationResult result;
    readonly XElement svg;

    public FlowsFigureTests()
    {
        result = FakeEvaluation.Create(11, folder).Result;
        svg = XElement.Parse(FlowsFigure.Draw(result).Svg);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Draw_EveryTier_PassesOnWhatItReceives()
    {
        var bands = Bands();

        Assert.All(result.Paths.Tiers, (tier, i) =>
        {
            var arriving = i == 0 ? result.Data.Flows : bands.Where(b => b.To == tier.Name).Sum(b => b.Flows);
            Assert.Equal(tier.Reached, arriving);
            Assert.Equal(tier.Reached, bands.Where(b => b.From == tier.Name).Sum(b => b.Flows));
        });
    }

    [Fact]
    public void Draw_Bands_AreAsWideAsTheirFlows() => Assert.All(Bands(), band =>
        Assert.Equal(300.0 * band.Flows / result.Data.Flows, band.Width, 0.02));

    [Fact]
    public void Draw_Labels_AddUpToAllFlowsAndAHundredPercent()
    {
        var labels = svg.Elements().Where(e => e.Name.LocalName == "text")
            .Select(e => Regex.Match(e.Value, @": .*, ([\d,]+) \(([\d.]+) %\)$")).Where(m => m.Success).ToList();

        Assert.Equal(result.Data.Flows, labels.Sum(m => int.Parse(m.Groups[1].Value, NumberStyles.AllowThousands)));
        Assert.Equal(100.0m, labels.Sum(m => decimal.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Draw_RightAnswers_AreTheDiagonalOfTheConfusionMatrix() => Assert.Equal(result.Confusion.Correct,
        Bands().Where(b => b.To.StartsWith("right", StringComparison.Ordinal)).Sum(b => b.Flows));

    [Fact]
    public void Shares_Counts_AddUpToExactlyAHundredPercent() =>
        Gen.Int[0, 1_000_000].Array[1, 20].Where(counts => counts.Sum() > 0)
            .Sample(counts => Assert.Equal(1000, Shares.Tenths(counts).Sum()));

    List<(string From, string To, int Flows, double Width)> Bands() =>
        [.. svg.Elements().Where(e => e.Attribute("data-from") is not null)
            .Select(e => (e.Attribute("data-from")!.Value,
            e.Attribute("data-to")!.Value, int.Parse(e.Attribute("data-flows")!.Value),
                Width(e.Attribute("d")!.Value)))];

    /// <summary>From the end of the upper edge to the one of the lower: the path's only upright line.</summary>
    static double Width(string path)
    {
        var edge = Regex.Match(path, @" ([-\d.]+)V([-\d.]+)C").Groups;
        return double.Parse(edge[2].Value, CultureInfo.InvariantCulture) - double.Parse(edge[1].Value,
            CultureInfo.InvariantCulture);
    }
}
