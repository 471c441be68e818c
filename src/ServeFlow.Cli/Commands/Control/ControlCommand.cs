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
          serveflow ctl --socket /tmp/sensor.sock reload
        """;

    static readonly Option<string> Socket = new("--socket")
    {
        Description = "The sensor's Unix socket",
        HelpName = "PATH",
        DefaultValueFactory = _ => DefaultSocket,
        Recursive = true,
        Validators = { CommonOptions.NotEmpty },
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
        CreateCall("models", "Shows the models that answer", HttpMethod.Get),
        CreateCall("reload", "Reads the configuration again, as SIGHUP does, and says what changed", HttpMethod.Post),
        CreateCall("stop", "Ends the sensor in order, as SIGTERM does", HttpMethod.Post),
    };

    static Command CreateCall(string name, string help, HttpMethod method)
    {
        var command = new Command(name, help);
        command.SetRun((parsed, stop) =>
        {
            var answer = SensorSocket.Call(parsed.GetRequiredValue(Socket), method, $"/api/{name}", stop);
            Console.WriteLine(parsed.GetValue(Json) ? answer : AnswerText.Format(answer));
            return CommandRunner.Succeeded;
        });
        return command;
    }
}
