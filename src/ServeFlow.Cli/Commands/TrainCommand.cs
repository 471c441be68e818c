using System.CommandLine;
using System.Globalization;
using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Training;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Placement;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands;

/// <summary><c>train</c>: from labelled captures to a calibrated cascade in a bundle.</summary>
static class TrainCommand
{
    const string Help = """
        Trains a cascade on labelled captures: models at several packet depths, the tiers chosen among them, their
        thresholds calibrated on flows that the models had not seen, all in one bundle.

        Examples:
          serveflow train -r captures/ --labels labels.csv -o bundle
          serveflow train -r captures/ --labels labels.csv -o bundle --hold-out 0.25
          serveflow train -r captures/ --labels labels.csv -o bundle --models dt,lgbm --depths 1,5,10 \
              --tiers dt@1,lgbm@1,lgbm@10
          serveflow train -r captures/ --labels labels.csv -o bundle --max-loss 0.01 --confidence 0.95
          serveflow train -r by-class/ -o bundle       (a directory per class is the label)
        """;

    static readonly Option<string> Read = CommonOptions.Read();
    static readonly Option<string?> Labels = CommonOptions.Labels();
    static readonly Option<string> Features = CommonOptions.Features();
    static readonly Option<string> Mask = CommonOptions.Mask();
    static readonly Option<int> Seed = CommonOptions.Seed();
    static readonly Option<bool> Json = CommonOptions.Json();

    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The bundle's folder; each training adds a version to it",
        HelpName = "BUNDLE",
        Required = true,
        Validators = { CommonOptions.NotEmpty },
    };

    static readonly Option<string> Depths = new("--depths")
    {
        Description = "Packet depths to train models at",
        HelpName = "LIST",
        DefaultValueFactory = _ => "1,2,3,5,10",
    };

    static readonly Option<string> Models = new("--models")
    {
        Description = "Kinds of models: dt (decision tree), rf (random forest), lgbm (LightGBM)",
        HelpName = "LIST",
        DefaultValueFactory = _ => "dt,rf,lgbm",
    };

    static readonly Option<string> Tiers = new("--tiers")
    {
        Description = "The cascade's tiers in order, or 'auto' to choose them by what was measured",
        HelpName = "auto|dt@1,lgbm@1,lgbm@10",
        DefaultValueFactory = _ => "auto",
    };

    static readonly Option<string> SplitBy = new("--split")
    {
        Description = "What keeps training and validation apart; by flow leaks and is warned of",
        HelpName = "capture|time|flow",
        DefaultValueFactory = _ => "capture",
    };

    static readonly Option<double> HoldOut = NumberOptions.Create("--hold-out", "SHARE",
        "Share of the captures that training never sees; 'evaluate' finds them again", 0, 0.9, 0.0);

    static readonly Option<int> Folds = NumberOptions.Create("--folds", "K",
        "Parts for cross-validation: each is predicted by models trained on the others", 2, 100, TrainRequest.DefaultFolds);

    static readonly Option<double> MaxLoss = NumberOptions.Create("--max-loss", "SHARE",
        "Weighted F1 that the cascade may lose against the slow tier on every flow; with --confidence, share of all flows",
        0, 1, new AssignmentGoal().MaxLoss);

    static readonly Option<double?> Confidence = NumberOptions.CreateOptional("--confidence", "P",
        "Promise --max-loss with this probability: thresholds are tested on captures set aside for it", 0.5, 0.9999);

    static readonly Option<string?> Objective = new("--objective")
    {
        Description = "Search all cascades of up to four tiers: for the least mean or median time to an answer or the most "
            + "flows/s within --max-loss (or --min-f1), or for the best F1 within the limits below",
        HelpName = "mean|median|rate|f1",
    };

    static readonly Option<double?> MinF1 = NumberOptions.CreateOptional("--min-f1", "F1",
        "With --objective: weighted F1 that must be reached on calibration flows", 0.0, 1.0);

    static readonly Option<double?> MaxMean = NumberOptions.CreateOptional("--max-mean-ms", "MS",
        "With --objective: mean time to an answer at the most", 0.0, 1e9);

    static readonly Option<double?> MaxMedian = NumberOptions.CreateOptional("--max-median-ms", "MS",
        "With --objective: median time to an answer at the most", 0.0, 1e9);

    static readonly Option<double?> MinRate = NumberOptions.CreateOptional("--min-rate", "FLOWS/S",
        "With --objective: flows a second and core that computing must allow", 0.0, 1e9);

    static readonly Option<double?> Budget = NumberOptions.CreateOptional("--budget", "SHARE",
        "Share of all flows that may wait for more packets, whatever that costs", 0.0, 1.0);

    static readonly Option<string?> Measure = new("--uncertainty")
    {
        Description = "How uncertainty is measured; all are tried where not given",
        HelpName = "least_confidence|margin|entropy",
    };

    static readonly Option<string?> Assignment = new("--assignment")
    {
        Description = "One threshold for all classes, or one for each; both are tried where not given",
        HelpName = "universal|per_class",
    };

    static readonly Option<double> WaitLimit = NumberOptions.Create("--wait-limit", "SECONDS",
        "Seconds that a flow may stay undecided; then the best prediction so far stands", 0.001, 86_400,
        TrainRequest.DefaultWaitLimitSeconds);

    static readonly Option<int?> Rounds = NumberOptions.CreateOptional("--rounds", "N",
        "Boosting rounds at the most", 1, 10_000);

    static readonly Option<bool> Balance = new("--balance")
    {
        Description = "Weigh each class by the inverse of its share",
    };

    static readonly Option<int> Threads = NumberOptions.Create("--threads", "N",
        "Threads to train with", 1, 1024, Environment.ProcessorCount);

    public static Command Create()
    {
        SplitBy.AcceptOnlyFromAmong("capture", "time", "flow");
        Objective.AcceptOnlyFromAmong("mean", "median", "rate", "f1");
        Measure.AcceptOnlyFromAmong("least_confidence", "margin", "entropy");
        Assignment.AcceptOnlyFromAmong("universal", "per_class");
        var command = new Command("train", Help)
        {
            Read, Labels, Output, Features, Mask, Depths, Models, Tiers, SplitBy, HoldOut, Folds, MaxLoss, Confidence,
            Objective, MinF1, MaxMean, MaxMedian, MinRate, Budget, Measure, Assignment, WaitLimit, Rounds, Balance, Threads, Seed, Json,
        };
        command.SetRun(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var depths = ParseDepths(parsed.GetRequiredValue(Depths));
        var tiers = parsed.GetRequiredValue(Tiers);
        var specs = tiers == "auto" ? null : TierSpec.ParseList(tiers);
        var trainers = ParseModels(parsed.GetRequiredValue(Models));
        CheckTiers(specs, trainers);
        BundleFolder.CheckTarget(parsed.GetRequiredValue(Output));
        using var line = new ProgressLine();
        var data = LabelledCaptures.Load(new()
        {
            Path = parsed.GetRequiredValue(Read),
            Labels = parsed.GetValue(Labels),
            Schema = FeatureSchema.Parse(parsed.GetRequiredValue(Features), parsed.GetRequiredValue(Mask)),
            Depth = depths.Concat(specs?.Select(spec => spec.Depth) ?? []).Max(),
        }, line, cancel);
        Console.Error.WriteLine(data.Report);
        var summary = CascadeTrainer.Train(Request(parsed, data.Data, depths, trainers, specs),
            line.Of<TrainingProgress>(progress => (progress.Done, progress.What)), cancel);
        line.Dispose();
        Print(summary, parsed.GetValue(Json));
        return CommandRunner.Succeeded;
    }

    static TrainRequest Request(ParseResult parsed, DataSet data, IReadOnlyList<int> depths,
        IReadOnlyList<ITrainer> trainers, IReadOnlyList<TierSpec>? tiers) => new()
        {
            Data = data,
            Bundle = parsed.GetRequiredValue(Output),
            Trainers = trainers,
            Depths = depths,
            Tiers = tiers,
            Goal = new()
            {
                MaxLoss = parsed.GetValue(MaxLoss),
                Budget = parsed.GetValue(Budget),
                Measure = parsed.GetValue(Measure) is { } measure ? MeasureName.Parse(measure) : null,
                Kind = parsed.GetValue(Assignment) switch
                {
                    "universal" => AssignmentKind.Universal,
                    "per_class" => AssignmentKind.PerClass,
                    _ => null,
                },
            },
            Objective = ParseObjective(parsed),
            Promise = parsed.GetValue(Confidence) is { } confidence ? new(MaxLossToPromise(parsed), confidence) : null,
            Split = Enum.Parse<SplitKind>(parsed.GetRequiredValue(SplitBy), ignoreCase: true),
            HoldOut = parsed.GetValue(HoldOut),
            Folds = parsed.GetValue(Folds),
            WaitLimit = TimeSpan.FromSeconds(parsed.GetValue(WaitLimit)),
            Options = new()
            {
                Seed = parsed.GetValue(Seed),
                Threads = parsed.GetValue(Threads),
                Rounds = parsed.GetValue(Rounds),
                BalanceClasses = parsed.GetValue(Balance),
            },
        };

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
            };
        }

        Option<double?>[] limits = [MinF1, MaxMean, MaxMedian, MinRate];
        return limits.FirstOrDefault(limit => parsed.GetValue(limit) is not null) is not { } orphan
            ? null
            : throw new InputException($"{orphan.Name}: is a limit of a search; say what for with --objective");
    }

    static double MaxLossToPromise(ParseResult parsed)
    {
        var loss = parsed.GetValue(MaxLoss);
        return loss is > 0 and < 1
            ? loss
            : throw new InputException($"--max-loss {loss}: a share that can be promised lies between 0 and 1");
    }

    static void Print(TrainSummary summary, bool json)
    {
        if (json)
        {
            Console.WriteLine(summary.ToJson().ToJsonString());
            return;
        }

        Console.Write(summary.ToText());
        Console.WriteLine($"bundle: {summary.Bundle}");
    }

    /// <summary>Before captures are read: that may take a while.</summary>
    static void CheckTiers(IReadOnlyList<TierSpec>? specs, IReadOnlyList<ITrainer> trainers)
    {
        foreach (var spec in (specs ?? []).Where(spec => trainers.All(trainer => trainer.Name != spec.Model)))
        {
            throw new InputException($"--tiers: {spec}, but --models has {string.Join(",", trainers.Select(t => t.Name))}; "
                + $"add {spec.Model} to --models");
        }
    }

    static int[] ParseDepths(string text) =>
    [
        .. text.Split(',').Select(part => int.TryParse(part.Trim(), NumberStyles.None, null, out var depth)
            && depth is > 0 and <= BundleLimits.MaxPackets
            ? depth
            : throw new InputException($"--depths {text}: '{part}' is not a number of packets from 1 to "
                + $"{BundleLimits.MaxPackets}; write it like 1,5,10")),
    ];

    static IReadOnlyList<ITrainer> ParseModels(string text) =>
    [
        .. text.Split(',').Select(part => part.Trim()).Distinct().Select(part => (ITrainer)(part switch
        {
            "dt" => new DtTrainer(),
            "rf" => new RfTrainer(),
            "lgbm" => new LgbmTrainer(),
            _ => throw new InputException($"--models {text}: no model '{part}'; there are dt, rf and lgbm"),
        })),
    ];
}
