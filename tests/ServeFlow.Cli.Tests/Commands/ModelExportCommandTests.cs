using System.CommandLine;
using ServeFlow.Cli.Commands.Models;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Models;
using ServeFlow.Onnx;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The <c>model export</c> verb from a model's text to a file.</summary>
public sealed class ModelExportCommandTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-model").FullName;

    public ModelExportCommandTests() => File.WriteAllText(At("model.txt"), SmallBundle.ModelText());

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_Onnx_WritesAModelThatLoads()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("model.txt", "-w", At("out")));

        using var model = OnnxModel.Open(At("out"));
        Assert.Equal((1, 2), (model.Columns, model.Classes));
    }

    [Fact]
    public void Run_LightGbm_WritesTheSameTrees()
    {
        Assert.Equal(CommandRunner.Succeeded, Run("model.txt", "--format", "lightgbm", "-w", At("out")));

        var (before, after) = (Read("model.txt"), Read("out"));
        Assert.Equal(before.Trees.Select(tree => tree.LeafValues), after.Trees.Select(tree => tree.LeafValues));
    }

    [Fact]
    public void Run_FileTooLongForAModel_SaysSoWithoutReadingIt()
    {
        using (var file = File.Create(At("huge.txt")))
        {
            file.SetLength((1L << 29) + 1);
        }

        var error = Assert.Throws<InputException>(() => ModelText.Read(At("huge.txt")));
        Assert.Contains("huge.txt: has more than 536,870,912 characters", error.Message);
    }

    [Fact]
    public void Run_NoModel_FailsAndLeavesNothing()
    {
        File.WriteAllText(At("other.txt"), "not a model");

        Assert.Equal(CommandRunner.Failed, Run("other.txt", "-w", At("out")));
        Assert.Equal(CommandRunner.Failed, Run("none.txt", "-w", At("out")));
        Assert.False(File.Exists(At("out")));
    }

    Forest Read(string name) => LightGbmText.Read(File.ReadAllText(At(name)), name);

    string At(string name) => Path.Combine(folder, name);

    int Run(string model, params string[] options) => CommandRunner.Run(
        new RootCommand { ModelCommand.Create() }, ["model", "export", At(model), .. options]);
}
