using System.CommandLine;

namespace ServeFlow.Cli.Commands.Models;

/// <summary><c>model</c>: models and bundles, apart from traffic.</summary>
static class ModelCommand
{
    const string Help = """
        Shows, verifies, imports and exports models.

        Examples:
          serveflow model show bundle
          serveflow model verify bundle
          serveflow model import cnn.onnx
          serveflow model export bundle/1/lgbm-1.txt -w lgbm-1.onnx
        """;

    public static Command Create() => new("model", Help)
    {
        ModelShowCommand.Create(), ModelVerifyCommand.Create(), ModelImportCommand.Create(),
        ModelExportCommand.Create(),
    };
}
