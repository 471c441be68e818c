using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Training;

/// <summary><c>train</c>: from labelled captures to a calibrated cascade in a bundle.</summary>
static class TrainCommand
{
    const string Help = """
        Trains a cascade on labelled captures: trains models at several packet depths, chooses the tiers among them,
        calibrates their thresholds on flows that the models had not seen, and writes one bundle.

        Examples:
          serveflow train -r captures/ --labels labels.csv -o bundle
          serveflow train -r captures/ --labels labels.csv -o bundle --hold-out 0.25
          serveflow train -r captures/ --labels labels.csv -o bundle --models dt,lgbm --depths 1,5,10 \
              --tiers dt@1,lgbm@1,lgbm@10
          serveflow train -r captures/ --labels labels.csv -o bundle --max-loss 0.01 --confidence 0.95
          serveflow train -r captures/ --labels labels.csv -o bundle --models lgbm --import cnn.onnx xgb.json@5
          serveflow train -r captures/ --labels labels.csv -o bundle --unknown
          serveflow train -r captures/ --labels labels.csv -o bundle --splits 20     (what to expect elsewhere)
          serveflow train -r captures/ --labels labels.csv -o bundle --group session --hold-out 0.25
          serveflow train -r by-class/ -o bundle       (one directory per class)
        """;

    static readonly Option<bool> Json = OutputOptions.Json();

    static readonly Option<string> Output = new("--output", "-o")
    {
        Description = "The bundle's folder; each training run adds a version to it",
        HelpName = "BUNDLE",
        Required = true,
        Validators = { PathOptions.NotEmpty },
    };

    public static Command Create()
    {
        var command = new Command("train", Help);
        TrainDataArguments.AddTo(command);
        command.Options.Add(Output);
        TrainModelArguments.AddTo(command);
        TrainImportArguments.AddTo(command);
        TrainTierArguments.AddTo(command);
        TrainThresholdArguments.AddTo(command);
        command.Options.Add(Json);
        command.SetRun(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var depths = TrainModelArguments.PacketDepths(parsed);
        var specs = TrainTierArguments.Specs(parsed);
        var options = TrainDataArguments.Options(parsed, depths.Max());
        var imports = TrainImportArguments.Open(parsed, options.Schema);
        var trainers = TrainModelArguments.Trainers(parsed);
        TrainTierArguments.Check(parsed, trainers, imports);
        foreach (var trainer in trainers)
        {
            trainer.Require();
        }

        BundleFolder.CheckTarget(parsed.GetRequiredValue(Output));
        using var line = new ProgressLine();
        var depth = depths.Concat(imports.Select(import => import.Spec.Depth))
            .Concat(specs?.Select(spec => spec.Depth) ?? []).Max();
        var triesWholeWindows = specs is null && imports.Count == 0 && MayTryWholeWindows(parsed);
        var data = LabelledCaptures.Load(options with { Depth = depth, KeepsWholeWindows = triesWholeWindows }, line,
            cancel);
        Notes.Write(data.Report.ToString());
        TrafficWarnings.Print(TrafficWarnings.Lines(data.Report.Traffic));
        var request = Request(parsed, data.Data, imports) with { TriesWholeWindows = triesWholeWindows };
        var progress = line.Adapt<TrainingProgress>(progress => (progress.Done, progress.What));
        var summary = CascadeTrainer.Train(request, progress, cancel);
        var splits = TrainDataArguments.CountSplits(parsed) is { } count
            ? new SplitRepeater(request, path => Bundle.Load(path, ServedFormats.All)).Run(count, progress, cancel)
            : null;
        line.Dispose();
        Print(summary, data.Report, splits, parsed.GetValue(Json));
        return CommandRunner.Succeeded;
    }

    /// <summary>Determines whether the options leave it open to see windows to their end. Where flows may be answered
    /// <c>unknown</c>, that would take the headers of all packets of every undecided window.</summary>
    static bool MayTryWholeWindows(ParseResult parsed) => TrainDataArguments.MayTryWholeWindows(parsed)
        && TrainModelArguments.LeavesDepths(parsed) && !TrainThresholdArguments.DetectsUnknown(parsed);

    /// <summary>Each group of options fills in its own part.</summary>
    static TrainRequest Request(ParseResult parsed, DataSet data, IReadOnlyList<ImportFile> imports)
    {
        var request = new TrainRequest { Data = data, Bundle = parsed.GetRequiredValue(Output) };
        request = TrainDataArguments.Apply(parsed, request);
        request = TrainModelArguments.Apply(parsed, request);
        request = TrainImportArguments.Apply(parsed, request, imports);
        request = TrainTierArguments.Apply(parsed, request);
        return TrainThresholdArguments.Apply(parsed, request);
    }

    static void Print(TrainSummary summary, LabelReport report, RepeatedSplits? splits, bool json)
    {
        foreach (var warning in summary.ImportWarnings)
        {
            Console.Error.WriteLine($"serveflow: warning: {UserMessage.OneLine(warning)}");
        }

        if (summary.ImportWarnings.Count > 0)
        {
            Console.Error.WriteLine("serveflow: on imports see --import-labels, 'features --hold-out', docs/models.md");
        }

        if (json)
        {
            Console.WriteLine(DocumentJson.Format(TrainDocument.From(summary, report.Traffic).With(report) with
            {
                Splits = splits is null ? null : SplitsDocument.From(splits),
            }));
            return;
        }

        Console.Write(TrainText.Format(summary));
        Console.Write(splits is null ? "" : SplitsText.Format(splits));
        Console.WriteLine($"bundle: {summary.Bundle}");
    }
}
