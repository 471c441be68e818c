using System.CommandLine;
using System.Text;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Models;
using ServeFlow.Onnx.Trees;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Models;

/// <summary><c>model export</c>: a tree model in another tool's format.</summary>
static class ModelExportCommand
{
    const string Onnx = "onnx", LightGbm = "lightgbm";

    const string Help = """
        Writes a tree model in another format. ONNX: input 'features', float [batch, columns], in the order of the
        model's feature_names (metadata 'columns'); outputs 'label' and 'probabilities'.

        Examples:
          serveflow model export bundle/1/lgbm-1.txt -w lgbm-1.onnx
          serveflow model export bundle/1/dt-1.txt --format lightgbm -w dt.txt
        """;

    public static Command Create()
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A model's text file, such as a tier of a bundle, or XGBoost's JSON",
        };
        var format = new Option<string>("--format")
        {
            Description = "Output format: ONNX tree ensemble, or LightGBM's text",
            HelpName = $"{Onnx}|{LightGbm}",
            DefaultValueFactory = _ => Onnx,
        };
        format.AcceptOnlyFromAmong(Onnx, LightGbm);
        var write = new Option<string>("--write", "-w")
        {
            Description = "Output file; '-' is standard output",
            HelpName = "OUT",
            Validators = { PathOptions.NotEmpty },
            Required = true,
        };
        var json = OutputOptions.Json();
        var command = new Command("export", Help) { model, format, write, json };
        command.SetRun((parsed, _) =>
        {
            Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(format), parsed.GetRequiredValue(write),
                parsed.GetValue(json));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static void Run(string path, string format, string write, bool json)
    {
        if (json && write == "-")
        {
            throw new InputException("-w -: the model and --json's object cannot share standard output: give -w FILE");
        }

        var forest = ModelText.ReadForest(path);
        using var output = new OutputFile(write, path);
        output.Stream.Write(format == Onnx
            ? OnnxForestWriter.Write(forest)
            : Encoding.UTF8.GetBytes(LightGbmText.Write(forest)));
        output.Complete();
        if (json)
        {
            Console.WriteLine(DocumentJson.Format(new ExportedModel(write, format, forest.Trees.Count,
                forest.ColumnNames.Count, forest.Classes)));
        }
        else
        {
            Notes.Write($"{forest.Trees.Count:N0} trees on {forest.ColumnNames.Count:N0} columns, "
                + $"{forest.Classes} classes: {write}");
        }
    }
}

/// <summary>Represents the object that <c>model export --json</c> prints.</summary>
sealed record ExportedModel(string Model, string Format, int Trees, int Columns, int Classes);
