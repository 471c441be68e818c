using System.CommandLine;
using System.Text.Json.Nodes;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Commands;

/// <summary><c>synth</c>: labelled synthetic captures.</summary>
static class SynthCommand
{
    static readonly SynthesisOptions Defaults = new() { Directory = "" };

    public static Command Create()
    {
        var directory = new Option<string>("--out")
        {
            Description = "Directory to make; it must not exist, or be empty",
            HelpName = "DIR",
            Required = true,
        };
        var flows = Number("--flows", "N", "Flows in all", Defaults.Flows);
        var classes = Number("--classes", "K",
            $"The first K of {string.Join(", ", SynthesisOptions.Services)}", Defaults.Classes);
        var captures = Number("--captures", "M", "Capture files; each is a place with its own clients and paths",
            Defaults.Captures);
        var rate = new Option<double>("--rate")
        {
            Description = "New flows a second in every capture",
            HelpName = "FLOWS/S",
            DefaultValueFactory = _ => Defaults.Rate,
        };
        var (seed, json) = (CommonOptions.Seed(), CommonOptions.Json());
        var command = new Command("synth", "Makes labelled synthetic captures: to try the tool out, not to judge it by")
        {
            directory, flows, classes, rate, captures, seed, json,
        };
        command.SetRun((parsed, cancel) =>
        {
            var options = new SynthesisOptions
            {
                Directory = parsed.GetRequiredValue(directory),
                Flows = parsed.GetValue(flows),
                Classes = parsed.GetValue(classes),
                Captures = parsed.GetValue(captures),
                Rate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            Print(Write(options, cancel), parsed.GetValue(json));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static Option<int> Number(string name, string argument, string description, int value) => new(name)
    {
        Description = description,
        HelpName = argument,
        DefaultValueFactory = _ => value,
    };

    static SynthesisResult Write(SynthesisOptions options, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        return SyntheticSet.Write(options, line.Of<double>(done => (done, "synthesising captures")), cancel);
    }

    static void Print(SynthesisResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(new JsonObject
            {
                ["directory"] = result.Directory,
                ["labels"] = result.Labels,
                ["captures"] = result.Captures,
                ["flows"] = result.Flows,
                ["packets"] = result.Packets,
                ["bytes"] = result.Bytes,
                ["classes"] = new JsonObject(result.FlowsPerClass.Select(
                    entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value)))),
            }.ToJsonString());
            return;
        }

        Console.WriteLine($"{result.Flows:N0} synthetic flows of {result.FlowsPerClass.Count} services, "
            + $"{result.Packets:N0} packets in {result.Captures} captures ({result.Bytes / 1e6:N1} MB): "
            + result.Directory);
        Console.WriteLine($"labels: {result.Labels}");
    }
}
