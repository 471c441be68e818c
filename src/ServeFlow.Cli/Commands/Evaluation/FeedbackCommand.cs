using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Feedback;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary><c>feedback</c>: what labels that came later say of a bundle in use, and a bundle calibrated by them.
/// </summary>
static class FeedbackCommand
{
    const string Help = """
        Says how good a bundle is in use, once labels of live flows have come, and recalibrates it with them.

        Given captures of these flows, -o writes a new version: its probabilities, thresholds and timeouts are those
        that the new labels call for, by the rules of training and with the same promise. The models stay as they are.
        Captures that the bundle was trained on are left out. Given records (EVE) instead of captures, the answers that
        were given are scored. Nothing can be calibrated from records: they do not say what the other tiers would have
        answered.

        Examples:
          serveflow feedback bundle -r eve.json --labels labels.csv
          serveflow feedback bundle -r live/ --labels labels.csv
          serveflow feedback bundle -r live/ --labels labels.csv -o bundle
        """;

    static readonly Argument<string> Bundle = PathOptions.Bundle();

    static readonly Argument<string?> LabelsFile = new("LABELS")
    {
        Description = "The labels file; the same as --labels",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string?> Read = new("--read", "-r")
    {
        Description = "Captures of the labelled flows: a file or a directory. Or a file of EVE records",
        HelpName = "PATH",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string[]> Records = new("--records")
    {
        Description = "Files of EVE records, instead of captures",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> Labels = CaptureOptions.Labels();
    static readonly Option<TimeSpan> LabelShift = CaptureOptions.LabelShift();
    static readonly Option<bool> Join = CaptureOptions.Join();

    static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "Calibrate anew and write a version to this bundle; it may be the same bundle",
        HelpName = "BUNDLE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<double?> MaxLoss = NumberOptions.CreateOptional("--max-loss", "SHARE",
        "Weighted F1 that early answers may lose. Default: what training was asked", 0.0, 1.0);

    static readonly Option<int> Seed = NumberOptions.CreateSeed();
    static readonly Option<bool> Json = OutputOptions.Json();

    public static Command Create()
    {
        var command = new Command("feedback", Help)
        {
            Bundle, LabelsFile, Read, Records, Labels, LabelShift, Join, Output, MaxLoss, Seed, Json,
        };
        command.RequireWith(Output, "is about calibrating anew: say where to write the version with --output", MaxLoss);
        command.SetRun(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var labels = parsed.GetValue(Labels) ?? parsed.GetValue(LabelsFile)
            ?? throw new InputException("no labels: give the file with --labels");
        var bundle = ServeFlow.Cascade.Bundles.Bundle.Load(parsed.GetRequiredValue(Bundle), ServedFormats.All);
        string[] records = [.. parsed.GetValue(Records) ?? []];
        if (parsed.GetValue(Read) is { } path)
        {
            if (!RecordFeedback.HoldsRecords(path))
            {
                return records.Length == 0 ? RunCaptures(bundle, path, labels, parsed, cancel)
                    : throw new InputException($"--records {records[0]}: there are captures too (-r {path}): give one "
                        + "of the two");
            }

            records = [path, .. records];
        }

        return records.Length > 0 ? RunRecords(bundle, records, labels, parsed)
            : throw new InputException("no flows: give captures or records with -r");
    }

    static int RunRecords(Bundle bundle, string[] records, string labels, ParseResult parsed)
    {
        foreach (var option in new Option[] { Output, LabelShift, Join })
        {
            if (OptionRules.IsGiven(parsed.CommandResult, option))
            {
                throw new InputException($"{option.Name}: takes captures (-r PATH): a record holds only the answer "
                    + "that was given, so that nothing can be calibrated from it; give the captures of these flows");
            }
        }

        var score = RecordFeedback.Score(labels, records, parsed.GetValue(Seed));
        Console.Write(parsed.GetValue(Json)
            ? DocumentJson.Format(FeedbackText.Describe(bundle, score)) + Environment.NewLine
            : FeedbackText.Format(bundle, score));
        return CommandRunner.Succeeded;
    }

    static int RunCaptures(Bundle bundle, string captures, string labels, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(Output) is { } target)
        {
            BundleFolder.CheckTarget(target);
        }

        using var line = new ProgressLine();
        var data = EvaluateCommand.ReadCaptures(bundle, captures, labels, new()
        {
            LabelShift = parsed.GetValue(LabelShift),
            Join = parsed.GetValue(Join),
        }, line, cancel);
        var progress = line.Adapt<TrainingProgress>(progress => (progress.Done, progress.What));
        var live = Evaluator.Run(new()
        {
            Bundle = bundle,
            Data = data.Data,
            Report = data.Report,
            Seed = parsed.GetValue(Seed),
        }, progress, cancel);
        var recalibrated = parsed.GetValue(Output) is { } output ? Recalibrator.Run(new()
        {
            Bundle = bundle,
            Data = data.Data,
            Report = data.Report,
            Output = output,
            MaxLoss = parsed.GetValue(MaxLoss),
            Seed = parsed.GetValue(Seed),
        }, progress, cancel) : null;
        line.Clear();
        Console.Write(parsed.GetValue(Json)
            ? DocumentJson.Format(FeedbackText.Describe(bundle, live, recalibrated)) + Environment.NewLine
            : FeedbackText.Format(bundle, live, recalibrated));
        return CommandRunner.Succeeded;
    }
}
