using System.CommandLine;
using ServeFlow.Cli.Inputs;
using ServeFlow.Features;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Pipeline;

namespace ServeFlow.Cli.Commands.Training;

/// <summary>Provides the options of <c>train</c> that name models made elsewhere.</summary>
static class TrainImportArguments
{
    static readonly Option<string[]> Import = new("--import")
    {
        Description =
            "Your own model as a candidate: LightGBM text, XGBoost JSON or one ONNX file. The sidecar FILE.json "
            + "lists its labels and the captures it was trained on (docs/models.md)",
        HelpName = "FILE[@PACKETS]",
        AllowMultipleArgumentsPerToken = true,
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> Labels = new("--import-labels")
    {
        Description =
            "Class names in the order of the imported models' outputs, for models without FILE.json: separated "
            + "by commas, or a file with one per line",
        HelpName = "LIST",
    };

    public static void AddTo(Command command)
    {
        command.Options.Add(Import);
        command.Options.Add(Labels);
        command.RequireWith(Import, "names the classes of imported models: import some with --import", Labels);
    }

    /// <summary>Opens the models, before captures are read: that may take a while.</summary>
    public static IReadOnlyList<ImportFile> Open(ParseResult parsed, FeatureSchema schema) =>
        [.. (parsed.GetValue(Import) ?? []).Select(file => ImportFile.Open(file, schema, ServedFormats.All))];

    public static TrainRequest Apply(ParseResult parsed, TrainRequest request, IReadOnlyList<ImportFile> imports) =>
        request with { Imports = imports, ImportLabels = LabelNames(parsed.GetValue(Labels)) };

    static IReadOnlyList<string>? LabelNames(string? text) => text switch
    {
        null => null,
        _ when File.Exists(text) => [.. File.ReadLines(text).Where(line => line.Length > 0)],
        _ => text.Split(','),
    };
}
