using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Control;

/// <summary><c>ctl top</c>: what a sensor does now, shown anew every so often.</summary>
static class TopCommand
{
    const string Help = """
        Shows what a running sensor does now: rates, labels, tiers, interfaces, outputs and losses, anew every two
        seconds, as top(1) does.

        Examples:
          serveflow ctl top
          serveflow ctl top -d 10
          serveflow ctl top --once | grep dns
          serveflow ctl top --once --json | jq .labels

        Rates are those of the last five seconds. Where standard output is no terminal, each look is written below the
        one before; --once writes one and ends. SIGINT ends it.
        """;

    static readonly Option<bool> Once = new("--once")
    {
        Description = "Look once and end",
    };

    static readonly Option<double> Delay = NumberOptions.Create("--delay", "SECONDS",
        "Time between two looks", 0.1, 1e6, 2.0);

    public static Command Create(Option<string> socket, Option<bool> json)
    {
        if (Delay.Aliases.Count == 0)
        {
            Delay.Aliases.Add("-d");
        }

        var command = new Command("top", Help) { Once, Delay };
        command.SetRun((parsed, stop) =>
        {
            var path = parsed.GetRequiredValue(socket);
            var delay = TimeSpan.FromSeconds(parsed.GetValue(Delay));
            using var screen = TopScreen.Open(isPlain: parsed.GetValue(Once) || parsed.GetValue(json));
            do
            {
                screen.Show(Look(path, parsed.GetValue(json), stop));
            }
            while (!parsed.GetValue(Once) && !stop.WaitHandle.WaitOne(delay));
            stop.ThrowIfCancellationRequested();
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static string Look(string path, bool isJson, CancellationToken stop)
    {
        var top = Ask("top");
        return isJson ? top : TopText.Format(Ask("status"), top, Ask("stats"));

        string Ask(string what) => SensorSocket.Call(path, HttpMethod.Get, $"/api/{what}", stop);
    }
}
