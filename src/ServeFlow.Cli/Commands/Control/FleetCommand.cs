using System.CommandLine;
using System.Globalization;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Control;

/// <summary><c>ctl fleet</c>: shows and changes all sensors of a cluster, by way of one of them.</summary>
sealed class FleetCommand
{
    const string Help = """
        Shows every sensor and worker of the cluster that the sensor belongs to, with the sums of the sensors' counts;
        or has all sensors answer by another model.

        Examples:
          serveflow ctl fleet
          serveflow ctl fleet --json | jq .totals
          serveflow ctl fleet publish iot@4
          serveflow ctl fleet canary iot@4 --sensor north --sensor south
          serveflow ctl fleet canary iot@4=0.1
          serveflow ctl fleet activate iot@4 --within 10
          serveflow ctl fleet rollback
        """;

    /// <summary>Bounds the time that a bundle's way to a worker takes: gigabytes over a slow link.</summary>
    static readonly TimeSpan UploadTime = TimeSpan.FromMinutes(15);

    const string ModelHelp = "NAME for the latest version or NAME@VERSION";

    readonly Option<string> socket;
    readonly Option<bool> json;

    readonly Option<double> within = NumberOptions.Create("--within", "SECONDS",
        "The time within which every node must be ready", 0.1, 600, 5.0);

    FleetCommand(Option<string> socket, Option<bool> json)
    {
        (this.socket, this.json) = (socket, json);
    }

    public static Command Create(Option<string> socket, Option<bool> json) => new FleetCommand(socket, json).Create();

    Command Create()
    {
        var command = new Command("fleet", Help)
        {
            CreateModelCall("publish", "Gives a bundle of the sensor's folder to the cluster, from which all nodes "
                + "fetch it", $"Takes a model of the sensor's folder of bundles, {ModelHelp}", UploadTime),
            CreateModelCall("activate", "Has a published bundle answer on every sensor, or on none",
                $"Takes a published model, {ModelHelp}"),
            CreateCanary(), CreateRollBack(),
        };
        command.SetRun((parsed, stop) =>
        {
            var answer = SensorSocket.Call(parsed.GetRequiredValue(socket), HttpMethod.Get, "/api/fleet", stop);
            Console.WriteLine(parsed.GetValue(json) ? answer : FleetText.Format(answer));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    /// <param name="work">The time that it may take beside that of the change.</param>
    Command CreateModelCall(string name, string help, string modelHelp, TimeSpan work = default)
    {
        var model = new Argument<string>("MODEL") { Description = modelHelp };
        var command = new Command(name, help) { model, within };
        command.SetRun((parsed, stop) =>
            Change(parsed, $"{ModelCommands.ModelPath(parsed.GetRequiredValue(model))}/{name}", "", stop, work));
        return command;
    }

    Command CreateCanary()
    {
        var model = new Argument<string>("MODEL[=SHARE]")
        {
            Description = $"Takes a published model, {ModelHelp}, and the share of flows, such as iot@4=0.1; without a "
                + "share it answers all flows of the sensors that are named",
        };
        var sensors = new Option<string[]>("--sensor")
        {
            Description = "A sensor that has the canary; may be repeated. Default: all sensors",
            HelpName = "NAME",
            Validators = { PathOptions.NotEmpty },
        };
        var command = new Command("canary", "Has a published bundle answer some flows, or all of some sensors")
        {
            model, sensors, within,
        };
        command.SetRun((parsed, stop) =>
        {
            var text = parsed.GetRequiredValue(model);
            var names = parsed.GetValue(sensors) ?? [];
            var at = text.LastIndexOf('=');
            if (at < 0 && names.Length == 0)
            {
                throw new InputException($"'{InputException.Quote(text)}': would answer everywhere: give a share, such "
                    + "as iot@4=0.1, or --sensor; or have it answer by 'ctl fleet activate'");
            }

            return Change(parsed, $"{ModelCommands.ModelPath(at < 0 ? text : text[..at])}/canary",
                (at < 0 ? "" : $"&share={Uri.EscapeDataString(text[(at + 1)..])}")
                + (names.Length == 0 ? "" : $"&sensors={Uri.EscapeDataString(string.Join(',', names))}"), stop);
        });
        return command;
    }

    Command CreateRollBack()
    {
        var command = new Command("rollback", "Has every sensor answer as before the last change, at once") { within };
        command.SetRun((parsed, stop) => Post(parsed, "rollback", "", stop));
        return command;
    }

    int Change(ParseResult parsed, string path, string query, CancellationToken stop, TimeSpan work = default) =>
        Post(parsed, $"models/{path}", query, stop, work);

    int Post(ParseResult parsed, string path, string query, CancellationToken stop, TimeSpan work = default)
    {
        var seconds = parsed.GetValue(within);
        var answer = SensorSocket.Call(parsed.GetRequiredValue(socket), HttpMethod.Post, string.Create(
            CultureInfo.InvariantCulture, $"/api/fleet/{path}?within={seconds}{query}"), stop,
            TimeSpan.FromSeconds(seconds) + work);
        Console.WriteLine(parsed.GetValue(json) ? answer : AnswerText.Format(answer));
        return CommandRunner.Succeeded;
    }
}
