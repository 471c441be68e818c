using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The rows of <c>evaluate --predictions</c> give the figures that it prints.</summary>
public sealed class PredictionsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-predictions").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Evaluate_Predictions_AddUpToTheFiguresInCsvAndInParquet()
    {
        Train();
        var printed = Evaluate("flows.csv");
        Evaluate("flows.parquet");

        var (head, rows) = Read("flows.csv");

        Assert.Equal(printed["data"]!["flows"]!.GetValue<int>(), rows.Count);
        AssertScores(printed, head, rows);
        AssertTimes(printed, head, rows);
        AssertClassified(head, rows);
        await AssertParquet("flows.parquet", head, rows);
    }

    /// <summary>The walk of <c>examples/</c> finds the figures that are printed.</summary>
    [Theory]
    [InlineData("csv", "numpy", "pandas")]
    [InlineData("parquet", "numpy", "pandas", "pyarrow")]
    public void Walk_Predictions_ShowsTheFiguresThatArePrinted(string format, params string[] modules)
    {
        Python.Run(modules, "-c", "0");
        Train();
        var printed = Evaluate($"flows.{format}");
        Say("features", "--packets 2 --format npz -w matrix.npz");
        Say("features", $"--packets 2 --format {format} -w matrix.{format}");

        var said = Python.Run(modules, [Path.Combine(Repository.Root, "examples", "walk.py"), At($"flows.{format}"),
            At("matrix.npz"), .. format == "parquet" ? [At("matrix.parquet")] : Array.Empty<string>()]);

        Assert.StartsWith($"{printed["data"]!["flows"]} flows of {printed["data"]!["captures"]} captures", said);
        Assert.Contains($"loss {NumberText.Fixed(printed["loss"]!.GetValue<double>(), 4)}, 95 % interval", said);
        foreach (var (system, row) in new[] { ("cascade", "cascade"), ("slow_only", "slow") })
        {
            var scores = printed["systems"]![system]!;
            var f1 = NumberText.Fixed(scores["weighted_f1"]!.GetValue<double>(), 4);
            Assert.Matches($"(?m)^{row} +{f1} ", said);
        }

        Assert.Contains("most told apart", said);
        Assert.Equal(format == "parquet", said.Contains("has the same"));
    }

    [Theory]
    [InlineData("flows.txt", "the end of the name says the format")]
    [InlineData("none/flows.csv", "give another place with --predictions")]
    [InlineData("traffic/labels.csv", "give another name with --predictions")]
    public void Evaluate_PlaceThatCannotBe_IsSaidBeforeAnythingIsRead(string place, string expected)
    {
        Directory.CreateDirectory(At("traffic"));

        var e = Assert.Throws<InputException>(() =>
            new PredictionsFile(At(place), At("traffic/labels.csv")).Dispose());

        Assert.Contains(expected, e.Message);
    }

    static void AssertScores(JsonNode printed, string[] head, List<string[]> rows)
    {
        double[] f1 = [.. new[] { "answer", "fast_answer", "slow_answer" }.Select(name => F1(head, rows, name))];
        double Printed(string system) => printed["systems"]![system]!["weighted_f1"]!.GetValue<double>();

        Assert.Equal(Printed("cascade"), f1[0], 9);
        Assert.Equal(Printed("fastest_only"), f1[1], 9);
        Assert.Equal(Printed("slow_only"), f1[2], 9);
        Assert.Equal(printed["loss"]!.GetValue<double>(), f1[2] - f1[0], 9);
        Assert.Equal(printed["tiers"]![0]!["answered_share"]!.GetValue<double>(),
            Column(head, rows, "tier").Count(tier => tier == "fast") / (double)rows.Count, 9);
    }

    static void AssertTimes(JsonNode printed, string[] head, List<string[]> rows)
    {
        var cascade = printed["systems"]!["cascade"]!;
        double[] ms = [.. Column(head, rows, "ms").Select(Number)];

        Assert.Equal(cascade["mean_ms"]!.GetValue<double>(), ms.Average(), 1e-5);
        Assert.Equal(cascade["under_16ms"]!.GetValue<double>(), ms.Count(t => t < 16) / (double)ms.Length, 9);
        Assert.Equal(cascade["packets_mean"]!.GetValue<double>(),
            Column(head, rows, "packets").Average(Number), 9);
        Assert.Equal(printed["systems"]!["slow_only"]!["mean_ms"]!.GetValue<double>(),
            Column(head, rows, "slow_ms").Average(Number), 6);
    }

    /// <summary>Serving names the same flows alike, and answers them alike.</summary>
    void AssertClassified(string[] head, List<string[]> rows)
    {
        Assert.Equal(0, ProgramProcess.Run(folder, "$serveflow classify bundle -r traffic -w eve.json").Code);
        var served = File.ReadLines(At("eve.json")).Select(line => JsonNode.Parse(line)!)
            .Where(record => record["event_type"]!.GetValue<string>() == "prediction")
            .ToLookup(record => record["community_id"]!.GetValue<string>(), record =>
                $"{record["src_ip"]} {record["src_port"]} {record["dest_ip"]} {record["serveflow"]!["label"]}");
        var evaluated = rows.Select(row => (Id: Cell(head, row, "community_id"), Flow: string.Join(' ',
            new[] { "src", "sport", "dst", "answer" }.Select(name => Cell(head, row, name)))));

        Assert.All(evaluated, flow => Assert.Contains(flow.Flow, served[flow.Id]));
    }

    void Train()
    {
        SyntheticSet.Write(new() { Directory = At("traffic"), Flows = 400, Classes = 3, Captures = 16, Seed = 1 });
        Say("train", "-o bundle --models dt --depths 1,3 --hold-out 0.25 --tiers dt@1,dt@3");
    }

    JsonNode Evaluate(string predictions) =>
        JsonNode.Parse(Say("evaluate bundle", $"--no-audit --json --predictions {predictions}"))!;

    string Say(string verb, string options)
    {
        var (code, written, said) = ProgramProcess.Run(folder,
            $"$serveflow {verb} -r traffic --labels traffic/labels.csv {options}");
        Assert.True(code == CommandRunner.Succeeded, said);
        return written;
    }

    (string[] Head, List<string[]> Rows) Read(string name)
    {
        var lines = File.ReadAllLines(At(name)).Select(line => line.Split(',')).ToList();
        return (lines[0], lines[1..]);
    }

    async Task AssertParquet(string name, string[] head, List<string[]> rows)
    {
        await using var stream = File.OpenRead(At(name));
        await using var reader = await ParquetReader.CreateAsync(stream,
            cancellationToken: TestContext.Current.CancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        var (answers, confidences) = (new string[rows.Count], new double[rows.Count]);
        await group.ReadAsync(reader.Schema.FindDataField("answer"), answers);
        await group.ReadAsync<double>(reader.Schema.FindDataField("slow_confidence"), confidences.AsMemory());

        Assert.Equal(head, reader.Schema.DataFields.Select(field => field.Name));
        Assert.Equal((1, rows.Count), (reader.RowGroupCount, (int)group.RowCount));
        Assert.Equal(Column(head, rows, "answer"), answers);
        Assert.Equal(Column(head, rows, "slow_confidence").Select(Number), confidences);
    }

    static double F1(string[] head, List<string[]> rows, string answers)
    {
        string[] labels = [.. Column(head, rows, "truth").Union(Column(head, rows, answers)).Order()];
        var matrix = new ConfusionMatrix(labels.Length);
        foreach (var row in rows)
        {
            matrix.Add(Array.IndexOf(labels, Cell(head, row, "truth")),
                Array.IndexOf(labels, Cell(head, row, answers)));
        }

        return matrix.WeightedF1;
    }

    static IEnumerable<string> Column(string[] head, List<string[]> rows, string name) =>
        rows.Select(row => Cell(head, row, name));

    static string Cell(string[] head, string[] row, string name) => row[Array.IndexOf(head, name)];

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    string At(string name) => Path.Combine(folder, name);
}
