using System.CommandLine;
using ServeFlow.Cli.Configuration;

namespace ServeFlow.Cli.Commands.Configurations;

/// <summary><c>config</c>: checks, shows and describes the configuration of <c>serve</c>, and of <c>worker</c>.
/// </summary>
static class ConfigCommand
{
    const string Help = """
        Checks, shows and describes the configuration that 'serve -c FILE' takes, and that of 'worker -c FILE'.

        Examples:
          serveflow config check /etc/serveflow/serveflow.yaml
          serveflow config dump /etc/serveflow/serveflow.yaml
          serveflow config dump my.yaml -- --workers 4     # with options of serve beside it
          serveflow config schema > serveflow.schema.json

        A setting is an option of serve. The file has it under a section; a variable of the environment is
        SERVEFLOW__SECTION__NAME, such as SERVEFLOW__CAPTURE__INTERFACES='[eth0, eth1]'. An option overrides a
        variable, and that the file.
        """;

    /// <summary>Specifies the section that only the file of a worker has.</summary>
    const string WorkerSection = "worker";

    public static Command Create() => new("config", Help)
    {
        ConfigCheckCommand.Create(),
        ConfigDumpCommand.Create(),
        ConfigSchemaCommand.Create(),
    };

    /// <summary>Determines whether a file that was read as that of <c>serve</c> is one of <c>worker</c>.</summary>
    public static bool IsOfWorker(ReadConfiguration read) => read.Errors.Any(error => error.Key == WorkerSection);

    /// <summary>Creates the argument that names a configuration.</summary>
    public static Argument<string?> File() => new("FILE")
    {
        Description = "A configuration; by default /etc/serveflow/serveflow.yaml",
        Arity = ArgumentArity.ZeroOrOne,
    };
}
