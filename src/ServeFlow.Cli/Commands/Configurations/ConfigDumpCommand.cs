using System.CommandLine;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Commands.Workers;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Configurations;

/// <summary><c>config dump</c>: the values that hold, and where each comes from.</summary>
static class ConfigDumpCommand
{
    const string Help = """
        Prints every setting with the value that holds and where it comes from: the default, a line of the file, a
        variable or an option. What is printed is a configuration itself. A file with a section 'worker' is shown as
        'worker -c FILE' takes it.

        Examples:
          serveflow config dump /etc/serveflow/serveflow.yaml
          serveflow config dump my.yaml -- -i eth1 --workers 4
        """;

    static readonly Argument<string?> File = ConfigCommand.File();

    static readonly Argument<string[]> Options = new("OPTIONS")
    {
        Description = "Behind '--': options of serve, or of worker, that override the file",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("dump", Help) { File, Options, Json };
        command.SetRun((parsed, _) => Run(parsed.GetValue(File), parsed.GetValue(Options) ?? [],
            parsed.GetValue(Json)));
        return command;
    }

    static int Run(string? given, string[] options, bool json)
    {
        if (given is ['-', _, ..])
        {
            options = [given, .. options]; // behind '--', with no file before it
            given = null;
        }

        var file = given ?? (System.IO.File.Exists(ServeCommand.DefaultFile) ? ServeCommand.DefaultFile : null);
        var configuration = ServeCommand.Create().Open(file, options).Read();
        if (file is not null && ConfigCommand.IsOfWorker(configuration))
        {
            configuration = WorkerCommand.Create().Open(file, options).Read();
        }

        foreach (var error in configuration.Errors)
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(error.ToString())}");
        }

        var values = configuration.Effective().ToList();
        Console.Write(json
            ? DocumentJson.Format(new { Settings = values.Select(ConfiguredValue.From) }) + "\n"
            : ConfigurationDump.Format(values));
        return configuration.Errors.Count > 0 ? CommandRunner.Failed : CommandRunner.Succeeded;
    }

    /// <summary>Describes one setting as <c>--json</c> prints it.</summary>
    sealed record ConfiguredValue(string Key, IReadOnlyList<string> Value, string Origin, string Place, int Line)
    {
        public static ConfiguredValue From(SettingValue value) => new(value.Row.Key, value.Words,
            value.Origin.Layer.ToString().ToLowerInvariant(), value.Origin.Name, value.Origin.Line);
    }
}
