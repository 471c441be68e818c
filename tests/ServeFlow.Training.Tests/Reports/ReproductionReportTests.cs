using System.Globalization;
using System.Xml.Linq;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Reproductions;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>The paper's evaluation done again on a small set, with three splits.</summary>
public sealed class ReproductionReportTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-reproduction").FullName;
    readonly ReproducedData data = new("devices & <more>", "devices", Splits(), Load());

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_Page_IsWellFormedAndNamesEveryFile()
    {
        var page = File.ReadAllText(ReproductionReport.Write([data], folder));

        Assert.NotNull(XDocument.Parse(page.Replace("<!DOCTYPE html>", "").Replace("&nbsp;", " ")).Root);
        Assert.All(["headline", "table-1", "table-2", "figure-2", "figure-3", "figure-5", "service-rate",
            "missed-flows"], name =>
        {
            Assert.Contains($"(devices-{name}.csv)", page);
            Assert.True(File.Exists(Path.Combine(folder, $"devices-{name}.csv")));
        });
        Assert.Equal(5, Directory.GetFiles(folder, "*.svg").Length);
        Assert.Contains("devices &amp; &lt;more&gt;", page);
    }

    [Fact]
    public void Write_Headline_IsTheMeanOverTheSplitsBesideThePaper()
    {
        ReproductionReport.Write([data], folder);
        var rows = Rows("headline").ToDictionary(row => row[0]);

        var lost = rows["weighted F1 lost"];
        Assert.Equal(data.Splits.Runs.Average(run => run.Evaluated.Comparison.Loss), Number(lost[1]), 6);
        Assert.InRange(Number(lost[1]), Number(lost[2]), Number(lost[3]));
        Assert.Equal("0.009", lost[^1]);
        Assert.Equal("76.3 %", rows["answered in under 16 ms"][^1]);
        Assert.Contains("of 3 splits lost at most 0.0100", ReproductionReport.Text([data]));
    }

    [Fact]
    public void Write_Tables_HaveTheMeansOfTheCandidatesAndThePapersRows()
    {
        ReproductionReport.Write([data], folder);
        var rows = Rows("table-1");

        var tree = Assert.Single(rows, row => row[0] == "here");
        Assert.Equal("decision tree", tree[1]);
        Assert.Equal(data.Splits.Runs.Average(run => run.Evaluated.Bundle.Manifest.Placement!.Candidates
            .Single(c => c is { Model: "dt", Packets: 1 }).WeightedF1), Number(tree[2]), 6);
        Assert.Contains(rows, row => row is ["paper", "services: LightGBM", "0.921", ..]);
    }

    /// <summary>As where another program took the processor while one split measured: no time is below zero.</summary>
    [Theory]
    [InlineData(100, double.MaxValue, 0, 235)]
    [InlineData(0.1, 1, 0, 1)]
    public void Candidates_UnequalSplits_HaveIntervalsWithinWhatIsPossible(double last, double most, double low,
        double high)
    {
        var runs = data.Splits.Runs.Select(run => run.Evaluated.Bundle.Manifest.Placement!.Candidates[0]).ToList();
        var (_, _, figure) = PaperTables.Candidates(data.Splits, c => runs.IndexOf(c) is 0 or 1 ? 1 : last, most)
            .First();

        Assert.Equal((low, high), (figure.Interval!.Value.Low, Math.Round(figure.Interval.Value.High)));
    }

    [Fact]
    public void Write_AssignmentCurve_EndsWhereTheSlowTierStands()
    {
        ReproductionReport.Write([data], folder);
        var curve = Rows("figure-2").Where(row => row[0] == "by uncertainty").ToList();

        Assert.Equal(["0", "1"], [curve[0][1], curve[^1][1]]);
        Assert.Equal(data.Splits.Runs.Average(run => run.Evaluated.FastestOnly.WeightedF1), Number(curve[0][2]), 6);
        Assert.Equal(data.Splits.Runs.Average(run => run.Evaluated.SlowOnly.WeightedF1), Number(curve[^1][2]), 6);
    }

    List<string[]> Rows(string name) =>
        [.. File.ReadLines(Path.Combine(folder, $"devices-{name}.csv")).Skip(1).Select(line => line.Split(','))];

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    static RepeatedSplits Splits() => new SplitRepeater(new TrainRequest
    {
        Data = SessionFlows.Data(),
        Bundle = "unused",
        Trainers = [new DtTrainer()],
        Depths = [1, 3],
        Tiers = ModelSpec.ParseList("dt@1,dt@3"),
        Options = new() { Threads = 1 },
    }, path => Bundle.Load(path)).Run(3, null, TestContext.Current.CancellationToken);

    static LoadRun Load() => new()
    {
        Cpu = "Processor",
        Workers = 1,
        Points = [.. Enumerable.Range(1, 3).Select(i => new LoadPoint
        {
            Offered = 100_000 * i, Achieved = Math.Min(100_000 * i, 220_000), P50Us = 12, P99Us = 300 * i,
            P999Us = 4000, Under16Ms = 0.99, Dropped = 70 * i, Unanswered = 0, FirstPacket = new(0.5, 3 * i, 40, 0),
        })],
    };
}
