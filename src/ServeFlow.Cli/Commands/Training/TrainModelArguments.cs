using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Training;

/// <summary>Provides the options of <c>train</c> that say which models are made, and how.</summary>
static class TrainModelArguments
{
    static readonly Option<string> Depths = new("--depths")
    {
        Description = "Packet depths at which models are trained",
        HelpName = "LIST",
        DefaultValueFactory = _ => "1,2,3,5,10",
        Validators = { result => Check(result, text => ReadDepths(text)) },
    };

    static readonly Option<string> Models = new("--models")
    {
        Description = "Kinds of models: dt (decision tree), rf (random forest), et (extra trees), lgbm (LightGBM)",
        HelpName = "LIST",
        DefaultValueFactory = _ => "dt,rf,et,lgbm",
        Validators = { result => Check(result, text => ReadTrainers(text)) },
    };

    static readonly Option<int?> Rounds = NumberOptions.CreateOptional("--rounds", "N",
        "Maximum number of boosting rounds", 1, 10_000);

    static readonly Option<bool> Balance = new("--balance")
    {
        Description = "Short for --class-weights balanced",
    };

    static readonly Option<string> Weights = new Option<string>("--class-weights")
    {
        Description = "How much a flow counts in training: all alike, or by the inverse of its class's share",
        HelpName = "none|balanced",
        DefaultValueFactory = _ => "none",
    }.OneOf("none", "balanced");

    static readonly Option<int> Threads = NumberOptions.CreateThreads("--threads",
        "Threads to train with", Environment.ProcessorCount);

    static readonly Option<string?> Costs = new("--costs")
    {
        Description = "Cost constants to choose tiers by, from 'serveflow bench costs -w FILE'; by default "
            + "those of the program",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<int> Seed = NumberOptions.CreateSeed();

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Depths, Models, Rounds, Weights, Balance, Threads, Costs, Seed })
        {
            command.Options.Add(option);
        }
    }

    public static TrainRequest Apply(ParseResult parsed, TrainRequest request) => request with
    {
        Trainers = Trainers(parsed),
        Depths = PacketDepths(parsed),
        Costs = parsed.GetValue(Costs) is { } path ? CostConstants.Read(path) : request.Costs,
        Options = new()
        {
            Seed = parsed.GetValue(Seed),
            Threads = parsed.GetValue(Threads),
            Rounds = parsed.GetValue(Rounds),
            BalanceClasses = parsed.GetValue(Balance) || parsed.GetRequiredValue(Weights) == "balanced",
        },
    };

    /// <summary>Determines whether nobody said at which depths models are trained.</summary>
    public static bool LeavesDepths(ParseResult parsed) => parsed.GetResult(Depths) is null or { Implicit: true };

    public static IReadOnlyList<int> PacketDepths(ParseResult parsed) => ReadDepths(parsed.GetRequiredValue(Depths));

    public static IReadOnlyList<ITrainer> Trainers(ParseResult parsed) => ReadTrainers(parsed.GetRequiredValue(Models));

    static IReadOnlyList<int> ReadDepths(string text) =>
    [
        .. text.Split(',').Select(part => int.TryParse(part.Trim(), NumberStyles.None, null, out var depth)
            && depth is > 0 and <= BundleLimits.MaxPackets
            ? depth
            : throw new InputException($"--depths {text}: '{part}' is not a number of packets from 1 to "
                + $"{BundleLimits.MaxPackets}; write it like 1,5,10")),
    ];

    static IReadOnlyList<ITrainer> ReadTrainers(string text) =>
    [
        .. text.Split(',').Select(part => part.Trim()).Distinct().Select(part => (ITrainer)(part switch
        {
            "dt" => new DtTrainer(),
            "rf" => new RfTrainer(),
            "et" => new EtTrainer(),
            "lgbm" => new LgbmTrainer(),
            _ => throw new InputException($"--models {text}: no model '{part}'; there are dt, rf, et and lgbm"),
        })),
    ];

    static void Check(OptionResult result, Action<string> read)
    {
        try
        {
            read(result.GetValueOrDefault<string>() ?? "");
        }
        catch (InputException e)
        {
            result.AddError(e.Message);
        }
    }
}
