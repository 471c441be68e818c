using System.CommandLine;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Commands.Workers;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Configurations;

/// <summary><c>config check</c>: everything that is wrong with a configuration, at once.</summary>
static class ConfigCheckCommand
{
    const string Help = """
        Checks a configuration and lists everything that is wrong with it, each with its line. Variables of the
        environment (SERVEFLOW__…) are checked with it. Nothing is written or connected to. A file with a section
        'worker' is one that 'worker -c FILE' takes, and is checked as such.

        Examples:
          serveflow config check /etc/serveflow/serveflow.yaml
          serveflow config check my.yaml --json
        """;

    static readonly Argument<string?> File = ConfigCommand.File();
    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("check", Help) { File, Json };
        command.SetRun((parsed, _) => Run(parsed.GetValue(File) ?? ServeCommand.DefaultFile, parsed.GetValue(Json)));
        return command;
    }

    static int Run(string file, bool json)
    {
        var configuration = ServeCommand.Create().Open(file, []).Read();
        var isWorker = ConfigCommand.IsOfWorker(configuration);
        configuration = isWorker ? WorkerCommand.Create().Open(file).Read() : configuration;
        var errors = configuration.Errors.ToList();
        if (errors.Count == 0 && isWorker)
        {
            errors.AddRange(WorkerCommand.FindErrors(configuration, Notes.Write));
        }
        else if (errors.Count == 0)
        {
            var check = new ServeConfigurationCheck(configuration);
            errors.AddRange(check.FindErrors());
            check.Notes.ForEach(Notes.Write);
        }

        foreach (var error in errors)
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(error.ToString())}");
        }

        if (json)
        {
            Console.WriteLine(DocumentJson.Format(new
            {
                File = file,
                Valid = errors.Count == 0,
                Errors = errors.Select(error =>
                    new { Place = error.Origin.Name, error.Origin.Line, error.Key, error.Message }),
            }));
        }
        else if (errors.Count == 0)
        {
            Console.WriteLine($"{InputException.Quote(file)}: valid, {configuration.Values.Count} settings"
                + (isWorker ? " of a worker" : ""));
        }

        return errors.Count > 0 ? CommandRunner.Failed : CommandRunner.Succeeded;
    }
}
