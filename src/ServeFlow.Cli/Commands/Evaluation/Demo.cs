using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Captures;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Pages;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>Represents one run of <c>demo</c>, step by step as a user would go.</summary>
sealed class Demo
{
    /// <summary>Enough flows for eleven classes to be learned, few enough for a minute.</summary>
    const int QuickFlows = 6_000;

    const double HoldOut = 0.25;

    public required string Directory { get; init; }

    public required bool IsQuick { get; init; }

    public required int Seed { get; init; }

    public required bool Json { get; init; }

    string Synthetic => Path.Combine(Directory, "synthetic");

    string Captures => Path.Combine(Synthetic, "captures");

    string Labels => Path.Combine(Synthetic, "labels.csv");

    /// <summary>Runs it; returns the exit code.</summary>
    public int Run(CancellationToken cancel)
    {
        OutputPlace.CheckNew("--out", Directory);
        new LgbmTrainer().Require();
        try
        {
            return RunSteps(cancel);
        }
        catch
        {
            Discard();
            throw;
        }
    }

    int RunSteps(CancellationToken cancel)
    {
        Synthesise(cancel);
        var trained = Train(cancel);
        var bundle = Bundle.Load(trained.Bundle, ServedFormats.All);
        var result = EvaluateCommand.Evaluate(bundle, Captures, Labels, new() { Seed = Seed }, cancel);
        Classify(bundle, cancel);
        var rate = new RateBench(bundle.Plan, [Load(cancel)], () => new NullSink()).Run(null, cancel);
        var content = new ReportContent(result, MeasureLoads(bundle.Plan, cancel))
        {
            Commands = ReproductionCommands.From(result),
        };
        var report = EvaluationReport.Write(content, Directory);
        Print(trained, result, report, rate);
        return CommandRunner.Succeeded;
    }

    /// <summary>The directory was absent or empty: all that is in it is this run's.</summary>
    void Discard()
    {
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    void Synthesise(CancellationToken cancel)
    {
        Announce("making synthetic captures");
        var defaults = new SynthesisOptions { Directory = Synthetic, Seed = Seed };
        using var line = new ProgressLine();
        var made = SyntheticSet.Write(IsQuick ? defaults with { Flows = QuickFlows } : defaults,
            line.Adapt<double>(done => (done, "synthesising captures")), cancel);
        line.Clear();
        Notes.Write($"{made.Flows:N0} synthetic flows of {made.FlowsPerClass.Count} services in "
            + $"{made.Captures} captures: {Captures}");
    }

    TrainSummary Train(CancellationToken cancel)
    {
        Announce("training on three quarters of the captures");
        using var line = new ProgressLine();
        var data = LabelledCaptures.Load(
            new() { Path = Captures, Labels = Labels, Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet) }, line,
            cancel);
        var request = new TrainRequest
        {
            Data = data.Data,
            Bundle = Path.Combine(Directory, "bundle"),
            HoldOut = HoldOut,
            Trainers = [new DtTrainer(), new LgbmTrainer()],
            Depths = IsQuick ? [1, 10] : [1, 2, 5, 10],
            Folds = IsQuick ? 2 : 3,
            Options = new() { Seed = Seed },
        };
        return CascadeTrainer.Train(request, line.Adapt<TrainingProgress>(p => (p.Done, p.What)), cancel);
    }

    void Classify(Bundle bundle, CancellationToken cancel)
    {
        Announce("classifying every capture");
        using var output = new OutputFile(Path.Combine(Directory, "records.json"));
        Write(bundle.Plan, output.Stream, cancel);
        output.Complete();
    }

    void Write(CascadePlan plan, Stream records, CancellationToken cancel)
    {
        using var sink = RecordFormat.CreateSink(RecordFormat.Eve, records, plan, new());
        var sweep = new CaptureSweep(plan, new(), sink);
        foreach (var outcome in sweep.Run(CaptureSet.Find(Captures, stop: cancel), Environment.ProcessorCount, cancel))
        {
            if (outcome.Problem is not null)
            {
                Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(outcome.Problem)}");
            }
        }
    }

    PacketMemory Load(CancellationToken cancel)
    {
        Announce("replaying the captures from memory through the serving path");
        var memory = new PacketMemory();
        foreach (var capture in CaptureSet.Find(Captures, stop: cancel).Captures)
        {
            cancel.ThrowIfCancellationRequested();
            using var file = CaptureFile.Open(capture.Path);
            memory.AddAll(file);
        }

        return memory;
    }

    LoadRun MeasureLoads(CascadePlan plan, CancellationToken cancel)
    {
        Announce("offering more and more flows");
        return LoadCurve.Measure(plan, Seed, cancel);
    }

    void Print(TrainSummary trained, EvaluationResult result, string report, RateResult rate)
    {
        if (Json)
        {
            Console.WriteLine(DocumentJson.Format(new DemoDocument(trained.Bundle, report,
                EvaluationDocument.From(result), rate.ToDocument("null"))));
            return;
        }

        Console.WriteLine(EvaluationText.Summary(result));
        Console.WriteLine(EvaluationText.Systems(result));
        Console.WriteLine(EvaluationText.Tiers(result));
        Console.WriteLine($"one core classified {rate.FlowsPerSecond:N0} flows/s from memory\n");
        Console.WriteLine($"look at     {report}");
        Console.WriteLine($"records in  {Path.Combine(Directory, "records.json")}");
        Console.WriteLine($"bundle in   {trained.Bundle}");
    }

    static void Announce(string what) => Notes.Write($"── {what}");
}

/// <summary>Represents the object that <c>demo --json</c> prints.</summary>
sealed record DemoDocument(string Bundle, string Report, EvaluationDocument Evaluate, RateDocument Rate);
