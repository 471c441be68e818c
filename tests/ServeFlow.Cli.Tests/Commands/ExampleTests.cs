using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Models;
using ServeFlow.Cli.Commands.Training;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Commands;

/// <summary>The scripts of <c>examples/</c>, by the commands of their README.</summary>
public sealed class ExampleTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-example").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Xgboost_TrainedOnTheMatrix_BecomesATier() =>
        Serve(["xgboost"], "xgboost_model.py", "xgb.json", "xgb@2", "--rounds", "3");

    [Fact]
    public void PyTorch_TrainedOnTheMatrix_BecomesATier() =>
        Serve(["torch", "onnx"], "cnn_pytorch.py", "cnn.onnx", "cnn@2", "--epochs", "1");

    void Serve(string[] modules, string script, string model, string tier, params string[] options)
    {
        Python.Run([.. modules, "numpy"], "-c", "0");
        SyntheticSet.Write(new() { Directory = At("traffic"), Flows = 200, Classes = 3, Captures = 12, Seed = 1 });
        string[] traffic = ["-r", At("traffic"), "--labels", At("traffic/labels.csv")];
        Assert.Equal(CommandRunner.Succeeded, Run(["features", .. traffic, "--packets", "2", "--format", "npz", "-w",
            At("matrix.npz"), "--hold-out", "0.25", "--calibrate", "0.25"]));

        Python.Run(modules, [Path.Combine(Repository.Root, "examples", script), At("matrix.npz"), At(model),
            "--threads", "1", .. options]);
        Assert.Equal(CommandRunner.Succeeded,
            Run(["train", .. traffic, "-o", At("bundle"), "--models", "dt", "--depths",
            "1", "--hold-out", "0.25", "--import", At(model), "--tiers", $"dt@1,{tier}"]));
        Assert.Equal(CommandRunner.Succeeded, Run(["evaluate", At("bundle"), .. traffic, "--no-audit"]));
        Assert.Equal(CommandRunner.Succeeded, Run(["model", "verify", At("bundle")]));

        Assert.Equal(tier.Split('@')[0], Bundle.Load(At("bundle"), ServedFormats.All).Manifest.Tiers[1].Model);
    }

    static int Run(string[] arguments) => CommandRunner.Run(new RootCommand
    {
        FeaturesCommand.Create(), TrainCommand.Create(), EvaluateCommand.Create(), ModelCommand.Create(),
    }, arguments);

    string At(string name) => Path.Combine(folder, name);
}
