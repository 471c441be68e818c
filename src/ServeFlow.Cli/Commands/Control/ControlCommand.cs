using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Control;

/// <summary><c>ctl</c>: asks and tells a running sensor, over its Unix socket.</summary>
static class ControlCommand
{
    const string DefaultSocket = "/run/serveflow/serveflow.sock";

    const string Help = """
        Talks to a running sensor over the Unix socket that 'serve --http unix:PATH' listens on.

        Examples:
          serveflow ctl status
          serveflow ctl stats --json | jq .flows
          serveflow ctl activate iot@4 && serveflow ctl models
          serveflow ctl canary iot@4=0.1
          serveflow ctl shadow iot@4 && serveflow ctl rollback
          serveflow ctl top
          serveflow ctl flows 'label=zoom,confidence<0.7'
          serveflow ctl fleet
          serveflow ctl fleet publish iot@4 && serveflow ctl fleet activate iot@4
          serveflow ctl log-level warning
          serveflow ctl --socket /tmp/sensor.sock reload
        """;

    static readonly Option<string> Socket = new("--socket")
    {
        Description = "The sensor's Unix socket",
        HelpName = "PATH",
        DefaultValueFactory = _ => DefaultSocket,
        Recursive = true,
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the answer as one JSON object",
        Recursive = true,
    };

    public static Command Create() => new("ctl", Help)
    {
        Socket, Json,
        CreateCall("status", "Shows whether the sensor takes packets, since when, by which model", HttpMethod.Get),
        CreateCall("stats", "Shows the counts of packets, flows, answers and records", HttpMethod.Get),
        CreateCall("models", "Shows the models that answer, the versions that could, and how a shadow compares",
            HttpMethod.Get, format: ModelsText.Format),
        ModelCommands.CreateActivate(Call),
        ModelCommands.CreateCanary(Call),
        ModelCommands.CreateShadow(Call),
        CreateCall("rollback", "Has the model answer that answered before", HttpMethod.Post, "models/rollback"),
        FleetCommand.Create(Socket, Json), TopCommand.Create(Socket, Json), FollowCommand.Create(Socket, Json),
        CreateCall("reload", "Reads the configuration again, as SIGHUP does, and says what changed", HttpMethod.Post),
        CreateLogLevel(),
        CreateCall("stop", "Ends the sensor in order, as SIGTERM does", HttpMethod.Post),
    };

    static Command CreateCall(string name, string help, HttpMethod method, string? path = null,
        Func<string, string>? format = null)
    {
        var command = new Command(name, help);
        command.SetRun((parsed, stop) => Print(parsed, method, $"/api/{path ?? name}", stop, format));
        return command;
    }

    static int Call(ParseResult parsed, HttpMethod method, string path, CancellationToken stop) =>
        Print(parsed, method, $"/api/{path}", stop);

    static Command CreateLogLevel()
    {
        var level = new Argument<string>("LEVEL")
        {
            Description = "The least level of the messages that the sensor writes from now on: error, warning or info",
        };
        level.AcceptOnlyFromAmong("error", "warning", "info");
        var command = new Command("log-level", "Sets the level of the sensor's messages, until it is set again or the "
            + "configuration is read again")
        {
            level,
        };
        command.SetRun((parsed, stop) => Print(parsed, HttpMethod.Post,
            $"/api/log-level?level={parsed.GetRequiredValue(level)}", stop));
        return command;
    }

    static int Print(ParseResult parsed, HttpMethod method, string call, CancellationToken stop,
        Func<string, string>? format = null)
    {
        var answer = SensorSocket.Call(parsed.GetRequiredValue(Socket), method, call, stop);
        Console.WriteLine(parsed.GetValue(Json) ? answer : (format ?? AnswerText.Format)(answer));
        return CommandRunner.Succeeded;
    }
}
