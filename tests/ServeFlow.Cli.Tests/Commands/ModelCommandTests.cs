using System.CommandLine;
using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Models;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Models;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The verbs <c>model show</c>, <c>verify</c> and <c>import</c>, and what they print.</summary>
public sealed class ModelCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-models").FullName;

    public ModelCommandTests() => SmallBundle.Write(At("bundle"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void BundleSummary_Tiers_TellFormatEngineAndMemory()
    {
        var bundle = Bundle.Load(At("bundle"), ServedFormats.All);
        var tier = BundleDocument.From(bundle).Tiers[0];

        Assert.Equal("fast", tier.Name);
        Assert.Equal("lightgbm", tier.Format);
        Assert.True(tier.MemoryBytes > 0);
        Assert.Contains("answers all", BundleSummary.ToText(bundle));
    }

    [Fact]
    public void ModelSummary_Trees_TellsHowManyAndTheHash()
    {
        var json = JsonNode.Parse(ModelSummary.From(At("bundle/1/fast.txt")).ToJson())!;

        Assert.Equal((2, 4, 2), (json["trees"]!.GetValue<long>(), json["leaves"]!.GetValue<long>(),
            json["classes"]!.GetValue<int>()));
        Assert.Equal(64, json["sha256"]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData("bundle", CommandRunner.Succeeded)]
    [InlineData("bundle/1/fast.txt", CommandRunner.Succeeded)]
    [InlineData("bundle/1/cascade.json", CommandRunner.Failed)]
    [InlineData("nothing", CommandRunner.Failed)]
    public void Show_Path_SucceedsWhereItIsOne(string path, int expected)
    {
        Assert.Equal(expected, Run("show", At(path)));
        Assert.Equal(expected, Run("show", At(path), "--json"));
    }

    [Fact]
    public void Verify_GoodBundle_SucceedsAndAChangedOneFails()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("verify", At("bundle")));

        File.AppendAllText(At("bundle/1/fast.txt"), " ");

        Assert.Equal(CommandRunner.Failed, Run("verify", At("bundle"), "--json"));
    }

    [Fact]
    public void Import_TreesOfThisFeatureSet_WritesText()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("import", At("bundle/1/fast.txt"), "--features", "nprint:udp",
            "--mask", "none", "-o", At("out.txt")));

        Assert.Equal(["p1_udp_sport_15"], LightGbmText.Read(File.ReadAllText(At("out.txt")), "out").ColumnNames);
    }

    [Fact]
    public void Import_TreesOfAnotherFeatureSet_Fails() =>
        Assert.Equal(CommandRunner.Failed, Run("import", At("bundle/1/fast.txt")));

    string At(string name) => Path.Combine(folder, name);

    static int Run(params string[] arguments) =>
        CommandRunner.Run(new RootCommand { ModelCommand.Create() }, ["model", .. arguments]);
}
