using System.CommandLine;
using ServeFlow.Cli.Benchmarks.Engines;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Benchmarks;

/// <summary><c>bench costs</c>: the constants that training estimates the cost of models by.</summary>
static class BenchCostsCommand
{
    const string Help = """
        Measures models of many shapes and prints the constants by which 'train' estimates what a model costs: for each
        flow, packet, question, branch and tree, and for each column and byte of a model that is no forest. Training
        chooses tiers by these constants and never by a clock, so the same captures give the same cascade everywhere.
        The program has constants of its own; use others where the proportions on your machine differ.

        Examples:
          serveflow bench costs
          serveflow bench costs -w costs.json
          serveflow train -r captures/ --labels labels.csv -o bundle --costs costs.json
        """;

    public static Command Create()
    {
        var output = new Option<string?>("--write", "-w")
        {
            Description = "Write the constants to this file, for 'train --costs'",
            HelpName = "FILE",
            Validators = { PathOptions.NotEmpty },
        };
        var seed = NumberOptions.CreateSeed();
        var command = new Command("costs", Help) { output, seed };
        command.SetRun((parsed, cancel) =>
        {
            using var line = new ProgressLine();
            var json = new CostBench(parsed.GetValue(seed)).Run(line, cancel).ToJson();
            line.Clear();
            Console.Write(json);
            if (parsed.GetValue(output) is { } path)
            {
                Write(path, json);
            }

            return CommandRunner.Succeeded;
        });
        return command;
    }

    static void Write(string path, string json)
    {
        try
        {
            File.WriteAllText(path, json);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: cannot be written ({e.Message}); check the path and the space left", e);
        }
    }
}
