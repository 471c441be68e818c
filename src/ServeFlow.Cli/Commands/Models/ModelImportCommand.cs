using System.CommandLine;
using System.Text;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Training.Imports;

namespace ServeFlow.Cli.Commands.Models;

/// <summary>
/// <c>model import</c>: whether a model made elsewhere could be a tier, and trees as LightGBM's text.
/// </summary>
static class ModelImportCommand
{
    const string Help = """
        Checks your own model as 'train --import' does: its format, its packets, and its columns against a feature set.
        With -o, trees are written as LightGBM's text (from XGBoost's JSON), and an ONNX file is copied.

        Examples:
          serveflow model import cnn.onnx
          serveflow model import model.json@5 --mask default,-ports
          serveflow model import model.json -o model.txt
        """;

    static readonly Argument<string> Model = new("FILE[@PACKETS]")
    {
        Description = "LightGBM text, XGBoost JSON or one ONNX file; the sidecar FILE.json is read too",
    };

    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Also write the model; trees are written as LightGBM's text",
        HelpName = "OUT",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string> Features = FeatureOptions.Set();
    static readonly Option<string> Mask = FeatureOptions.Mask();
    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("import", Help) { Model, Output, Features, Mask, Json };
        command.SetRun((parsed, _) => Run(parsed));
        return command;
    }

    static int Run(ParseResult parsed)
    {
        var schema = FeatureSchema.Parse(parsed.GetRequiredValue(Features), parsed.GetRequiredValue(Mask));
        var file = ImportFile.Open(parsed.GetRequiredValue(Model), schema, ServedFormats.All);
        var model = file.Model.Bind(schema, file.Spec.Depth);
        var summary = ModelSummary.From(file.Format, file.Bytes, file.Model, file.Path);
        summary.Add("tier", file.Spec.ToString());
        summary.Add("features", schema.Set);
        summary.Add("mask", schema.Mask);
        summary.Add("engine", model.EngineName);
        summary.Add("memory_bytes", model.MemoryBytes);
        summary.Add("trained_on", file.Sidecar?.Trained is { } captures ? $"{captures.Count} captures"
            : $"unknown: no {file.Path}.json names them");
        if (parsed.GetValue(Output) is { } output)
        {
            Write(file, output);
            summary.Add("written", output);
        }

        Console.WriteLine(parsed.GetValue(Json) ? summary.ToJson() : summary.ToText().TrimEnd('\n'));
        return CommandRunner.Succeeded;
    }

    static void Write(ImportFile file, string path)
    {
        using var output = new OutputFile(path, file.Path);
        output.Stream.Write(file.Format.Name == "xgboost"
            ? Encoding.UTF8.GetBytes(LightGbmText.Write(XgboostJson.Read(file.Bytes, file.Path)))
            : file.Bytes);
        output.Complete();
    }
}
