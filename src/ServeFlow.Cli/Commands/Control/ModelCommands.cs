using System.CommandLine;
using System.Globalization;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Provides the calls of <c>ctl</c> that change the models of a sensor.</summary>
static class ModelCommands
{
    /// <summary>Ends what a call of the same name began.</summary>
    const string Off = "off";

    const string ModelHelp = "a model of the sensor's folder of bundles, NAME for its latest version or NAME@VERSION";

    /// <summary>Makes a call to a path below <c>/api/</c> and prints the answer.</summary>
    public delegate int Caller(ParseResult parsed, HttpMethod method, string path, CancellationToken stop);

    public static Command CreateActivate(Caller call)
    {
        var model = new Argument<string>("MODEL") { Description = $"Takes {ModelHelp}" };
        var command = new Command("activate", "Has another model answer new flows, without a restart") { model };
        command.SetRun((parsed, stop) => call(parsed, HttpMethod.Post,
            $"models/{ModelPath(parsed.GetRequiredValue(model))}/activate", stop));
        return command;
    }

    public static Command CreateCanary(Caller call)
    {
        var model = new Argument<string>("MODEL=SHARE")
        {
            Description = $"Takes {ModelHelp}, and the share of flows, such as iot@4=0.1; or 'off'",
        };
        var command = new Command("canary", "Has another model answer a share of new flows") { model };
        command.SetRun((parsed, stop) =>
        {
            var text = parsed.GetRequiredValue(model);
            return call(parsed, HttpMethod.Post, text == Off ? "models/canary/stop" : CanaryPath(text), stop);
        });
        return command;
    }

    public static Command CreateShadow(Caller call)
    {
        var model = new Argument<string>("MODEL") { Description = $"Takes {ModelHelp}; or 'off'" };
        var command = new Command("shadow", "Has another model answer all new flows too, for comparison alone")
        {
            model,
        };
        command.SetRun((parsed, stop) =>
        {
            var text = parsed.GetRequiredValue(model);
            return call(parsed, HttpMethod.Post,
                text == Off ? "models/shadow/stop" : $"models/{ModelPath(text)}/shadow", stop);
        });
        return command;
    }

    static string CanaryPath(string text)
    {
        var at = text.LastIndexOf('=');
        return at > 0 && double.TryParse(text.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? $"models/{ModelPath(text[..at])}/canary?share={Uri.EscapeDataString(text[(at + 1)..])}"
            : throw new InputException($"'{InputException.Quote(text)}': give MODEL=SHARE, such as iot@4=0.1, or off");
    }

    public static string ModelPath(string text)
    {
        var model = ModelName.Parse(text);
        return Uri.EscapeDataString(model.Name) + (model.Version is { } version ? $"/versions/{version}" : "");
    }
}
