using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary><c>demo</c>: the whole main job on synthetic captures.</summary>
static class DemoCommand
{
    const string Help = """
        Runs the whole workflow on synthetic captures: generates them, trains a cascade on three quarters, evaluates it
        on the rest, replays everything through the serving path, and writes a report.

        Examples:
          serveflow demo
          serveflow demo --quick --out /tmp/demo
        """;

    static readonly Option<int> Seed = NumberOptions.CreateSeed();
    static readonly Option<bool> Json = OutputOptions.Json();

    static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Fewer flows and models: less than a minute on two cores",
    };

    static readonly Option<string> Output = new("--out")
    {
        Description = "Directory to create; it must not exist, or be empty",
        HelpName = "DIR",
        Validators = { PathOptions.NotEmpty },
        DefaultValueFactory = _ => "demo",
    };

    public static Command Create()
    {
        var command = new Command("demo", Help) { Quick, Output, Seed, Json };
        command.SetRun((parsed, cancel) =>
        {
            var demo = new Demo
            {
                Directory = parsed.GetRequiredValue(Output),
                IsQuick = parsed.GetValue(Quick),
                Seed = parsed.GetValue(Seed),
                Json = parsed.GetValue(Json),
            };
            return demo.Run(cancel);
        });
        return command;
    }
}
