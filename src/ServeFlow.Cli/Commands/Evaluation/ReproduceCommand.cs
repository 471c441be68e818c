using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary><c>reproduce</c>: the paper's tables and figures beside those measured here.</summary>
static class ReproduceCommand
{
    const int DefaultSplits = 5;

    const int QuickSplits = 3;

    const string Help = """
        Repeats the evaluation of the ServeFlow paper (arXiv 2402.03694): its Tables 1 and 2, its Figures 2, 3 and 5,
        service rate and missed flows under load, and its headline, side by side with the paper's values. Everything is
        repeated with other captures held back, and has intervals.

        It runs on synthetic captures of eleven services, and on each data set given: a directory with captures and a
        labels.csv, or with a directory of captures for each class. It writes reproduction.html and CSV files.

        Examples:
          serveflow reproduce -o reproduction
          serveflow reproduce --quick -o /tmp/reproduction
          serveflow reproduce --data iot_device --data protocol --splits 20 -o reproduction
        """;

    static readonly Option<string[]> Data = new("--data")
    {
        Description = "Also use your own data set: a directory with labels.csv, or a directory per class; repeatable",
        HelpName = "DIR",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    static readonly Option<int?> Splits = NumberOptions.CreateOptional("--splits", "N",
        $"Number of divisions of the captures; {DefaultSplits} by default, {QuickSplits} with --quick", 1, 1_000);

    static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Fewer flows and boosting rounds: minutes on two cores",
    };

    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "Directory to create; it must not exist, or be empty",
        HelpName = "DIR",
        Required = true,
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<int> Seed = NumberOptions.CreateSeed();
    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("reproduce", Help) { Data, Splits, Quick, Output, Seed, Json };
        command.SetRun((parsed, cancel) => new Reproduction
        {
            Directory = parsed.GetRequiredValue(Output),
            Data = parsed.GetRequiredValue(Data),
            Splits = parsed.GetValue(Splits) ?? (parsed.GetValue(Quick) ? QuickSplits : DefaultSplits),
            IsQuick = parsed.GetValue(Quick),
            Seed = parsed.GetValue(Seed),
            Json = parsed.GetValue(Json),
        }.Run(cancel));
        return command;
    }
}
