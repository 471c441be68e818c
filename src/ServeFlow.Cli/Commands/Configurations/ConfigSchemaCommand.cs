using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Configurations;

/// <summary><c>config schema</c>: a JSON Schema of configurations.</summary>
static class ConfigSchemaCommand
{
    const string Help = """
        Prints a JSON Schema of configurations. Editors complete and check a file by it.

        Examples:
          serveflow config schema > serveflow.schema.json

        Put this at the top of the file for editors with a YAML language server:
          # yaml-language-server: $schema=serveflow.schema.json
        """;

    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var command = new Command("schema", Help);
        command.SetRun((_, _) =>
        {
            Console.WriteLine(ConfigurationSchema.Create(ServeCommand.Create().Settings).ToJsonString(Indented));
            return CommandRunner.Succeeded;
        });
        return command;
    }
}
