using System.CommandLine;
using System.Text.Json.Nodes;
using ServeFlow.Cli.Benchmarks.Engines;
using ServeFlow.Cli.Commands.Benchmarks;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Benchmarks;

/// <summary>The <c>bench model</c> verb on a model small enough for a test.</summary>
public sealed class BenchModelCommandTests
{
    const double Tolerance = 1e-6;

    [Fact]
    public void Run_AllEngines_AgreeWithLightGbm()
    {
        var result = Small(EngineSet.Names);

        Assert.Equal(EngineSet.Names, result.Times.Select(time => time.Engine).Distinct());
        Assert.All(result.Times, time => Assert.InRange(time.LargestDifference, 0, Tolerance));
        Assert.All(result.Times, time => Assert.InRange(time.Best, double.Epsilon, time.Median));
    }

    [Fact]
    public void ToJson_Result_HasTheFieldsThatScriptsRead()
    {
        var json = JsonNode.Parse(DocumentJson.Format(
            Small([BitSlicedEngine.EngineName, LightGbmEngine.EngineName]).ToDocument()))!;

        Assert.Equal(
            (6, 3, 40, 3),
            ((int)json["model"]!["trees"]!, (int)json["model"]!["leaves"]!, (int)json["model"]!["columns"]!,
                (int)json["model"]!["classes"]!));
        Assert.Equal(8, (int)json["rows"]!);
        Assert.NotEmpty((string)json["cpu"]!);
        Assert.All(json["engines"]!.AsArray(), engine => Assert.Superset(
            new HashSet<string> { "engine", "isa", "batch", "ns_per_flow", "max_abs_diff" },
            engine!.AsObject().Select(field => field.Key).ToHashSet()));
        Assert.True((double)json["speedup"]!["lightgbm_single"]! > 0);
        Assert.Null(json["speedup"]!["onnxruntime"]);
    }

    [Fact]
    public void Run_Captures_TheirFlowsAreTheRows()
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-bench").FullName;
        try
        {
            var made = SyntheticSet.Write(new() { Directory = Path.Combine(folder, "set"), Flows = 30, Captures = 2 },
                null, TestContext.Current.CancellationToken);
            var path = Path.Combine(folder, "model.txt");
            File.WriteAllText(path, Small([]).Model.Text);

            var result = Small([BitSlicedEngine.EngineName], path, made.Directory);

            Assert.Equal(30, result.Rows);
            Assert.Equal(made.Directory, result.ToDocument().RowsFrom);
            Assert.All(result.Times, time => Assert.InRange(time.LargestDifference, 0, Tolerance));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("--engines", "xgboost")]
    [InlineData("--classes", "1")]
    [InlineData("--rows", "many")]
    [InlineData("-r", "captures")]
    public void Run_BadOption_IsAUsageError(string option, string value) =>
        Assert.Equal(CommandRunner.Usage, Run(option, value));

    [Fact]
    public void Run_ModelOfOtherColumns_NamesTheColumn()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, SmallBundle.ModelText("Column_0"));

            Assert.Contains("'Column_0'", Assert.Throws<InputException>(() => BenchModel.Read(path)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Two rounds of three classes, three leaves a tree, on the first 40 bits of IPv4.</summary>
    static ModelBenchResult Small(IReadOnlyCollection<string> engines, string? model = null, string? captures = null)
    {
        using var line = new ProgressLine();
        return new ModelBench
        {
            ModelPath = model,
            CapturePath = captures,
            Columns = 40,
            Classes = 3,
            Rounds = 2,
            Leaves = 3,
            Rows = captures is null ? 8 : 100,
            Engines = engines,
            Seed = 1,
            Slice = TimeSpan.FromMilliseconds(1),
        }.Run(line, TestContext.Current.CancellationToken);
    }

    static int Run(params string[] options) =>
        CommandRunner.Run(new RootCommand { BenchCommand.Create() }, ["bench", "model", .. options]);
}
