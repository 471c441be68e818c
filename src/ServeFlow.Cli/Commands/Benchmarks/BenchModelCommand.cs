using System.CommandLine;
using ServeFlow.Cli.Benchmarks.Engines;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench model</c>: every engine on the same trees and rows, one thread.</summary>
static class BenchModelCommand
{
    const string Help = """
        Times every engine on the same trees and the same rows, on one thread: ServeFlow's serving engine, the plain
        tree walk, LightGBM's own library, and ONNX Runtime's tree ensemble.

        Examples:
          serveflow bench model
          serveflow bench model --model bundle/1/lgbm-1.txt -r captures/ --json
          serveflow bench model --columns 2048 --classes 5 --rounds 50 --engines bitsliced,lightgbm
        """;

    public static Command Create()
    {
        var model = new Option<string?>("--model")
        {
            Description = "A tree model's text file, such as a tier of a bundle; by default one is trained",
            HelpName = "FILE",
            Validators = { PathOptions.NotEmpty },
        };
        var captures = new Option<string?>("--read", "-r")
        {
            Description = "Use the flows of these captures as rows, instead of random headers; needs --model",
            HelpName = "PATH",
            Validators = { PathOptions.NotEmpty },
        };
        var columns = NumberOptions.Create("--columns", "N", "Header bits per row", 16, 10_240, 1024);
        var classes = NumberOptions.Create("--classes", "K", "Classes", 2, 1000, 11);
        var rounds = NumberOptions.Create("--rounds", "R",
            "Boosting rounds, each with one tree per class", 1, 10_000, 100);
        var leaves = NumberOptions.Create("--leaves", "L", "Leaves per tree", 2, 1024, 31);
        var rows = NumberOptions.Create("--rows", "N", "Maximum number of rows to score", 1, 1 << 20, 1 << 14);
        var engines = Engines();
        var (seed, json) = (NumberOptions.CreateSeed(), OutputOptions.Json());
        var command = new Command("model", Help)
        {
            model, captures, columns, classes, rounds, leaves, rows, engines, seed, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(captures) is not null && result.GetValue(model) is null)
            {
                result.AddError("-r: flows of captures need a model that was trained on such; give --model FILE");
            }
        });
        foreach (var option in new Option[] { columns, classes, rounds, leaves })
        {
            command.Require(option, result => result.GetValue(model) is null,
                "is about the model that is trained where none is given: leave it out, or --model");
        }

        var expansion = new ExpansionArguments();
        expansion.AddTo(command);
        command.SetRun((parsed, cancel) =>
        {
            var bench = new ModelBench
            {
                ModelPath = parsed.GetValue(model),
                CapturePath = parsed.GetValue(captures),
                Expansion = expansion.Read(parsed),
                Columns = parsed.GetValue(columns),
                Classes = parsed.GetValue(classes),
                Rounds = parsed.GetValue(rounds),
                Leaves = parsed.GetValue(leaves),
                Rows = parsed.GetValue(rows),
                Engines = parsed.GetRequiredValue(engines),
                Seed = parsed.GetValue(seed),
            };
            Print(bench, parsed.GetValue(json), cancel);
            return CommandRunner.Succeeded;
        });
        return command;
    }

    static Option<string[]> Engines() => new("--engines")
    {
        Description = "Engines to time, separated by commas",
        HelpName = string.Join(',', EngineSet.Names),
        DefaultValueFactory = _ => [.. EngineSet.Names],
        CustomParser = result =>
        {
            var names = result.Tokens
                .SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
            if (Array.Find(names, name => !EngineSet.Names.Contains(name)) is { } unknown)
            {
                result.AddError($"--engines '{unknown}': give some of {string.Join(", ", EngineSet.Names)}");
            }

            return names;
        },
    };

    static void Print(ModelBench bench, bool json, CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var result = bench.Run(line, cancel);
        line.Clear();
        Console.WriteLine(json ? DocumentJson.Format(result.ToDocument()) : result.ToText());
    }
}
