using System.CommandLine;

namespace ServeFlow.Cli.Commands;

/// <summary><c>model</c>: single models, apart from a cascade.</summary>
static class ModelCommand
{
    const string Help = """
        Works on single models.

        Examples:
          serveflow model export bundle/1/lgbm-1.txt -w lgbm-1.onnx
        """;

    public static Command Create() => new("model", Help) { ModelExportCommand.Create() };
}
