using System.CommandLine;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary><c>synth</c>: labelled synthetic captures.</summary>
static class SynthCommand
{
    const string Help = """
        Generates labelled synthetic captures for trying ServeFlow out. Scores on them say nothing about real networks.

        Examples:
          serveflow synth --out synthetic
          serveflow synth --out small --flows 2000 --classes 5 --captures 10
          serveflow synth --out even --flows 100000 --captures 1 --packets-per-flow 10 --rate 48500
          serveflow train -r synthetic/captures --labels synthetic/labels.csv -o bundle
        """;

    static readonly SynthesisOptions Defaults = new() { Directory = "" };

    public static Command Create()
    {
        var directory = new Option<string>("--out")
        {
            Description = "Directory to create; it must not exist, or be empty",
            HelpName = "DIR",
            Validators = { PathOptions.NotEmpty },
            Required = true,
        };
        var flows = Number("--flows", "N", "Total number of flows", Defaults.Flows);
        var classes = Number("--classes", "K",
            $"The first K of {string.Join(", ", SynthesisOptions.Services)}", Defaults.Classes);
        var captures = Number("--captures", "M", "Capture files; each is a site with its own clients and paths",
            Defaults.Captures);
        var packets = NumberOptions.CreateOptional("--packets-per-flow", "M",
            "Packets of every flow, for measurements: longer flows are cut, shorter ones repeat their last packets", 1,
            1000);
        var whole = new Option<bool>("--whole-frames")
        {
            Description = "Write whole frames, for tools that ignore cut ones",
        };
        var rate = NumberOptions.Create("--rate", "FLOWS/S", "New flows per second in every capture", 1e-3, 1e6,
            Defaults.Rate);
        var (seed, json) = (NumberOptions.CreateSeed(), OutputOptions.Json());
        var command = new Command("synth", Help)
        {
            directory, flows, classes, rate, captures, packets, whole, seed, json,
        };
        command.SetRun((parsed, cancel) =>
        {
            var options = new SynthesisOptions
            {
                Directory = parsed.GetRequiredValue(directory),
                Flows = parsed.GetValue(flows),
                Classes = parsed.GetValue(classes),
                Captures = parsed.GetValue(captures),
                PacketsPerFlow = parsed.GetValue(packets),
                WholeFrames = parsed.GetValue(whole),
                Rate = parsed.GetValue(rate),
                Seed = parsed.GetValue(seed),
            };
            OutputPlace.CheckBundle(options.Directory);
            Print(Write(options, cancel), parsed.GetValue(json));
            return CommandRunner.Succeeded;
        });
        return command;
    }

    /// <summary>Creates an option for a number; how numbers bound each other is the synthesis' own affair.</summary>
    static Option<int> Number(string name, string argument, string description, int value) =>
        NumberOptions.Create(name, argument, description, 1, int.MaxValue, value);

    static SynthesisResult Write(SynthesisOptions options, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        return SyntheticSet.Write(options, line.Adapt<double>(done => (done, "synthesising captures")), cancel);
    }

    static void Print(SynthesisResult result, bool json)
    {
        if (json)
        {
            Console.WriteLine(DocumentJson.Format(result));
            return;
        }

        Console.WriteLine($"{result.Flows:N0} synthetic flows of {result.FlowsPerClass.Count} services, "
            + $"{result.Packets:N0} packets in {result.Captures} captures ({result.Bytes / 1e6:N1} MB): "
            + result.Directory);
        Console.WriteLine($"labels: {result.Labels}");
    }
}
