using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Pages;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary><c>evaluate</c>: what a bundle is worth on captures that training never saw.</summary>
static class EvaluateCommand
{
    const string Help = """
        Measures a bundle on labelled captures that its training never saw. Captures that the bundle was trained on are
        recognised by their bytes and left out. Every labelled flow counts.

        The cascade is compared with its first tier alone, its slow tier alone, a random assignment, and an oracle that
        knows which answers are wrong. Times run from a flow's first packet to its answer: waiting by the captures' own
        timestamps, computing as measured on this machine.

        Then the evaluation is audited: the accuracy of addresses, ports or sequence numbers alone, shuffled labels, a
        split by time, and the importance of header fields. Give the captures that the bundle was trained on, too.
        Without them a leak cannot be detected.

        Examples:
          serveflow evaluate bundle -r captures/ --labels labels.csv
          serveflow evaluate bundle -r captures/ --labels labels.csv --report report/
          serveflow bench latency bundle --json > load.json
          serveflow evaluate bundle -r captures/ --labels labels.csv --report report/ --load load.json
          serveflow evaluate bundle -r captures/ --labels labels.csv --json | jq .systems.cascade
          serveflow evaluate bundle -r captures/ --labels labels.csv --predictions flows.parquet
        """;

    static readonly Argument<string> Bundle = PathOptions.Bundle();
    static readonly Option<string> Read = CaptureOptions.Read();
    static readonly Option<string?> Labels = CaptureOptions.Labels();
    static readonly Option<TimeSpan> LabelShift = CaptureOptions.LabelShift();
    static readonly Option<bool> Join = CaptureOptions.Join();
    static readonly Option<int> Seed = NumberOptions.CreateSeed();
    static readonly ExpansionArguments Expansion = new();
    static readonly Option<bool> Json = OutputOptions.Json();

    static readonly Option<TimeSpan?> Window = CaptureOptions.Window(
        "Check that the bundle classifies windows of this length, and stop if it does not");

    static readonly Option<string?> Report = new("--report")
    {
        Description = "Also write report.html, its figures as SVG and their numbers as CSV to this directory",
        HelpName = "DIR",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string?> Predictions = new("--predictions")
    {
        Description = "Also write a row for each labelled flow: the flow, its truth, every tier's answer, confidence "
            + "and time. FILE.csv is CSV, FILE.parquet is Parquet",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<bool> SafeCells = OutputOptions.SafeCells();

    static readonly Option<bool> NoAudit = new("--no-audit")
    {
        Description = "Skip the audit and the importance of header fields",
    };

    static readonly Option<bool?> Dedup = FlowArguments.Dedup("that of the bundle");

    static readonly Option<string?> Load = new("--load")
    {
        Description = "Add the results of 'bench latency --json' in this file to the report",
        HelpName = "FILE",
        Validators = { PathOptions.NotEmpty },
    };

    public static Command Create()
    {
        var command = new Command("evaluate", Help)
        {
            Bundle, Read, Labels, LabelShift, Join, Report, Predictions, SafeCells, Load, Window, Dedup, NoAudit, Seed,
            Json,
        };
        command.RequireWith(Report, "is about the report: say where to write one with --report", Load);
        command.RequireWith(Labels, "is about the labels file: give one with --labels", LabelShift);
        command.Require(SafeCells, result => OptionRules.IsGiven(result, Report)
            || OptionRules.IsGiven(result, Predictions), "is about CSV: write some with --report or --predictions");
        Expansion.AddTo(command);
        command.SetRun(Run);
        return command;
    }

    static int Run(ParseResult parsed, CancellationToken cancel)
    {
        var bundle = ServeFlow.Cascade.Bundles.Bundle.Load(parsed.GetRequiredValue(Bundle), ServedFormats.All);
        var labels = parsed.GetValue(Labels);
        if (parsed.GetValue(Window) is { } window)
        {
            UnitCheck.Require(bundle.Plan, new(window));
        }

        if (parsed.GetValue(Report) is { } place)
        {
            OutputPlace.CheckBundle(place);
            EvaluationReport.CheckTarget(place);
        }

        if (parsed.GetValue(Load) is { } results && Directory.Exists(results))
        {
            throw new InputException($"--load {results}: is a directory; give the file with the results");
        }

        var load = parsed.GetValue(Load) is { } file ? LoadRun.Read(file) : null;
        using var predictions = parsed.GetValue(Predictions) is { } path
            ? new PredictionsFile(path, parsed.GetValue(Read), labels)
            : null;
        var result = Evaluate(bundle, parsed.GetRequiredValue(Read), labels, new()
        {
            Seed = parsed.GetValue(Seed),
            IsAudited = !parsed.GetValue(NoAudit),
            DropsDuplicates = parsed.GetValue(Dedup),
            LabelShift = parsed.GetValue(LabelShift),
            Join = parsed.GetValue(Join),
            Expansion = Expansion.Read(parsed),
            ListsPredictions = predictions is not null,
        }, cancel);
        predictions?.Write(result, parsed.GetValue(SafeCells));
        var content = new ReportContent(result, load)
        {
            Commands = ReproductionCommands.From(result),
            HasSafeCells = parsed.GetValue(SafeCells),
        };
        var report = parsed.GetValue(Report) is { } directory ? EvaluationReport.Write(content, directory) : null;
        if (parsed.GetValue(Json))
        {
            Console.WriteLine(DocumentJson.Format(EvaluationDocument.From(result) with
            {
                Report = report,
                Predictions = predictions?.Path,
            }));
            return CommandRunner.Succeeded;
        }

        Console.Write(EvaluationText.Format(result));
        if (report is not null)
        {
            Console.WriteLine($"report: {report}");
        }

        if (predictions is not null)
        {
            Console.WriteLine($"predictions: {PrintableText.Escape(predictions.Path)}");
        }

        return CommandRunner.Succeeded;
    }

    /// <summary>Evaluates with progress, and says on standard error how labels and captures met.</summary>
    public static EvaluationResult Evaluate(Bundle bundle, string captures, string? labels, EvaluationRun run,
        CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var data = ReadCaptures(bundle, captures, labels, run, line, cancel);
        var request = new EvaluationRequest
        {
            Bundle = bundle,
            Data = data.Data,
            Report = data.Report,
            Seed = run.Seed,
            ListsPredictions = run.ListsPredictions,
        };
        var progress = line.Adapt<TrainingProgress>(progress => (progress.Done, progress.What));
        var result = Evaluator.Run(request, progress, cancel);
        return run.IsAudited ? Auditor.Run(request, result, progress, cancel) : result;
    }

    /// <summary>Reads captures as a bundle sees them, and says on standard error how labels and they met.</summary>
    public static LabelledData ReadCaptures(Bundle bundle, string captures, string? labels, EvaluationRun run,
        ProgressLine line, CancellationToken cancel)
    {
        var data = LabelledCaptures.Load(new()
        {
            Path = captures,
            Labels = labels,
            LabelShift = run.LabelShift,
            JoinsCaptures = run.Join,
            Expansion = run.Expansion,
            Group = bundle.Manifest.Data.Groups is { } groups ? new(groups.Column, IsOptional: true) : null,
            Schema = bundle.Plan.Schema,
            Depth = bundle.Plan.Tiers.Max(tier => tier.PacketDepth),
            WaitLimit = bundle.Plan.WaitLimit,
            Window = bundle.Plan.Window,
            Flows = new FlowRequest { DropsDuplicates = run.DropsDuplicates }.Apply(bundle.Plan.Flows),
            MinClasses = 1,
        }, line, cancel);
        Notes.Write(data.Report.ToString());
        TrafficWarnings.Print(TrafficWarnings.Lines(data.Report.Traffic));
        return data;
    }
}

/// <summary>Says how captures are evaluated.</summary>
sealed record EvaluationRun
{
    public int Seed { get; init; } = 1;

    public bool IsAudited { get; init; } = true;

    /// <summary>Gets whether packets that a capture shows twice are left out; null does as the bundle does.</summary>
    public bool? DropsDuplicates { get; init; }

    /// <summary>Gets what is added to the times of the labels file.</summary>
    public TimeSpan LabelShift { get; init; }

    /// <summary>Gets whether captures are read as parts of one.</summary>
    public bool Join { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    /// <summary>Gets whether the answers to each flow are listed.</summary>
    public bool ListsPredictions { get; init; }
}
