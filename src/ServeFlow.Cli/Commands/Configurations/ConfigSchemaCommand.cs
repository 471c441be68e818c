using System.CommandLine;
using System.Text.Json;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Commands.Workers;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Configurations;

/// <summary><c>config schema</c>: a JSON Schema of configurations.</summary>
static class ConfigSchemaCommand
{
    const string Help = """
        Prints a JSON Schema of the configurations of 'serve', or of 'worker'. Editors complete and check a file by it.

        Examples:
          serveflow config schema > serveflow.schema.json
          serveflow config schema worker > worker.schema.json

        Put this at the top of the file for editors with a YAML language server:
          # yaml-language-server: $schema=serveflow.schema.json
        """;

    const string OfSensor = "serve";
    const string OfWorker = "worker";

    static readonly Argument<string> Verb = CreateVerb();

    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var command = new Command("schema", Help) { Verb };
        command.SetRun((parsed, _) =>
        {
            var table = parsed.GetValue(Verb) == OfWorker
                ? WorkerCommand.Create().Settings
                : ServeCommand.Create().Settings;
            Console.WriteLine(ConfigurationSchema.Create(table).ToJsonString(Indented));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static Argument<string> CreateVerb()
    {
        var verb = new Argument<string>("VERB")
        {
            Description = "Whose configuration: serve or worker",
            DefaultValueFactory = _ => OfSensor,
        };
        verb.AcceptOnlyFromAmong(OfSensor, OfWorker);
        return verb;
    }
}
