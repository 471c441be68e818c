using System.CommandLine;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Training;

/// <summary>Provides the options of <c>train</c> that say which models become tiers.</summary>
static class TrainTierArguments
{
    static readonly Option<string> Tiers = new("--tiers")
    {
        Description = "The cascade's tiers in order, or 'auto' to choose them by measurement",
        HelpName = "auto|dt@1,lgbm@1,lgbm@10",
        DefaultValueFactory = _ => "auto",
    };

    static readonly Option<string?> Objective = new Option<string?>("--objective")
    {
        Description =
            "Search all cascades of up to four tiers for the least mean or median time to an answer or the most "
            + "flows/s within --max-loss (or --min-f1), or for the best F1 within the limits below",
        HelpName = "mean|median|rate|f1",
    }.OneOf("mean", "median", "rate", "f1");

    static readonly Option<double?> MinF1 = NumberOptions.CreateOptional("--min-f1", "F1",
        "With --objective: minimum weighted F1 on calibration flows", 0.0, 1.0);

    static readonly Option<double?> MaxMean = NumberOptions.CreateOptional("--max-mean-ms", "MS",
        "With --objective: maximum mean time to an answer", 0.0, 1e9);

    static readonly Option<double?> MaxMedian = NumberOptions.CreateOptional("--max-median-ms", "MS",
        "With --objective: maximum median time to an answer", 0.0, 1e9);

    static readonly Option<double?> MinRate = NumberOptions.CreateOptional("--min-rate", "FLOWS/S",
        "With --objective: minimum flows per second and core, by computing time", 0.0, 1e9);

    static readonly Option<double?> MinFirstPacket = NumberOptions.CreateOptional("--min-first-packet", "SHARE",
        "With --objective: minimum share of flows answered on packet 1", 0.0, 1.0);

    static readonly Option<double?> MinCaught = NumberOptions.CreateOptional("--min-caught", "SHARE",
        "With --objective: minimum share of the first tier's wrong answers that are escalated", 0.0, 1.0);

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { Tiers, Objective, MinF1, MaxMean, MaxMedian, MinRate, MinFirstPacket,
            MinCaught })
        {
            command.Options.Add(option);
        }
    }

    public static TrainRequest Apply(ParseResult parsed, TrainRequest request) => request with
    {
        Tiers = Specs(parsed),
        Objective = ParseObjective(parsed),
    };

    /// <summary>Returns the tiers that were asked for; null where they are to be chosen.</summary>
    public static IReadOnlyList<ModelSpec>? Specs(ParseResult parsed)
    {
        var tiers = parsed.GetRequiredValue(Tiers);
        return tiers == "auto" ? null : ModelSpec.ParseList(tiers);
    }

    /// <summary>Checks the arguments before captures are read, which may take a while.</summary>
    public static void Check(ParseResult parsed, IReadOnlyList<ITrainer> trainers, IReadOnlyList<ImportFile> imports)
    {
        ParseObjective(parsed);
        foreach (var spec in (Specs(parsed) ?? []).Except(imports.Select(import => import.Spec))
            .Where(spec => trainers.All(trainer => trainer.Name != spec.Model)))
        {
            throw new InputException(
                $"--tiers: {spec}, but --models has {string.Join(",", trainers.Select(t => t.Name))}; "
                + (imports.Count > 0 ? $"and --import has {string.Join(",", imports.Select(i => i.Spec))}; " : "")
                + $"add {spec.Model} to --models");
        }
    }

    static PlacementObjective? ParseObjective(ParseResult parsed)
    {
        if (parsed.GetValue(Objective) is { } aim)
        {
            return new(Enum.Parse<PlacementAim>(aim, ignoreCase: true))
            {
                MinF1 = parsed.GetValue(MinF1),
                MaxMeanMs = parsed.GetValue(MaxMean),
                MaxMedianMs = parsed.GetValue(MaxMedian),
                MinRate = parsed.GetValue(MinRate),
                MinFirstPacketShare = parsed.GetValue(MinFirstPacket),
                MinErrorsCaught = parsed.GetValue(MinCaught),
            };
        }

        Option<double?>[] limits = [MinF1, MaxMean, MaxMedian, MinRate, MinFirstPacket, MinCaught];
        return limits.FirstOrDefault(limit => parsed.GetValue(limit) is not null) is not { } orphan
            ? null
            : throw new InputException($"{orphan.Name}: is a limit of a search; say what for with --objective");
    }
}
