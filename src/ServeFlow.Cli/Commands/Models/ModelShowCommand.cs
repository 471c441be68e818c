using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Models;

/// <summary><c>model show</c>: what a model or a bundle is.</summary>
static class ModelShowCommand
{
    const string Help = """
        Describes a model file (format, trees, columns, classes) or a bundle (tiers, thresholds, promise).

        Examples:
          serveflow model show bundle
          serveflow model show bundle/1/lgbm-1.txt
          serveflow model show cnn.onnx --json
        """;

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A model file or a bundle's folder" };
        var json = OutputOptions.Json();
        var command = new Command("show", Help) { path, json };
        command.SetRun((parsed, _) =>
        {
            Console.WriteLine(Show(parsed.GetRequiredValue(path), parsed.GetValue(json)).TrimEnd('\n'));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static string Show(string path, bool json)
    {
        if (Directory.Exists(path))
        {
            var bundle = Bundle.Load(path, ServedFormats.All);
            return json ? DocumentJson.Format(BundleDocument.From(bundle)) : BundleSummary.ToText(bundle);
        }

        var summary = ModelSummary.From(path);
        return json ? summary.ToJson() : summary.ToText();
    }
}
