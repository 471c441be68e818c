using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Features;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Repeats;
using ServeFlow.Training.Reports;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Reproductions;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Cli.Commands.Evaluation;

/// <summary>Represents one run of <c>reproduce</c>, data set by data set.</summary>
sealed class Reproduction
{
    const int QuickFlows = 6_000;

    const int QuickRounds = 20;

    /// <summary>Specifies the paper's tiers for service recognition: fastest, fast, slow.</summary>
    const string PaperTiers = "dt@1,lgbm@1,lgbm@10";

    public required string Directory { get; init; }

    /// <summary>Gets the directories of data sets besides the synthetic one.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    public required int Splits { get; init; }

    public required bool IsQuick { get; init; }

    public required int Seed { get; init; }

    public required bool Json { get; init; }

    /// <summary>Runs it; returns the exit code.</summary>
    public int Run(CancellationToken cancel)
    {
        Check();
        var synthetic = System.IO.Directory.CreateTempSubdirectory("serveflow-reproduce-").FullName;
        try
        {
            Print(Measure(synthetic, cancel));
            return CommandRunner.Succeeded;
        }
        finally
        {
            System.IO.Directory.Delete(synthetic, recursive: true);
        }
    }

    /// <summary>Looks for what would stop it before anything is computed.</summary>
    void Check()
    {
        new LgbmTrainer().Require();
        OutputPlace.CheckNew("-o", Directory);
        EvaluationReport.CheckTarget(Directory);
        if (Data.FirstOrDefault(data => !System.IO.Directory.Exists(data)) is { } missing)
        {
            throw new InputException($"--data {missing}: is no directory; give one with captures and a labels.csv, or "
                + "with a directory of captures for each class");
        }
    }

    List<ReproducedData> Measure(string temporary, CancellationToken cancel)
    {
        var data = new List<ReproducedData> { MeasureSynthetic(Path.Combine(temporary, "set"), cancel) };
        foreach (var directory in Data)
        {
            var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
            var labels = Path.Combine(directory, "labels.csv");
            data.Add(Repeat(name, $"{data.Count}-{FileName(name)}", directory, File.Exists(labels) ? labels : null,
                cancel));
        }

        return data;
    }

    ReproducedData MeasureSynthetic(string directory, CancellationToken cancel)
    {
        using (var line = new ProgressLine())
        {
            var defaults = new SynthesisOptions { Directory = directory, Seed = Seed };
            SyntheticSet.Write(IsQuick ? defaults with { Flows = QuickFlows } : defaults,
                line.Adapt<double>(done => (done, "synthesising captures")), cancel);
        }

        return Repeat("services (synthetic)", "services", Path.Combine(directory, "captures"),
            Path.Combine(directory, "labels.csv"), cancel);
    }

    ReproducedData Repeat(string name, string fileName, string captures, string? labels, CancellationToken cancel)
    {
        Notes.Write($"── {PrintableText.Escape(name)}");
        using var line = new ProgressLine();
        var data = LabelledCaptures.Load(
            new() { Path = captures, Labels = labels, Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet) }, line,
            cancel);
        var splits = new SplitRepeater(new TrainRequest
        {
            Data = data.Data,
            Bundle = Path.Combine(captures, "unused"),
            Trainers = [new DtTrainer(), new LgbmTrainer()],
            Depths = [1, 5, 10],
            Tiers = ModelSpec.ParseList(PaperTiers),
            Options = new() { Seed = Seed, Rounds = IsQuick ? QuickRounds : null },
        }, path => Bundle.Load(path, ServedFormats.All)).Run(Splits,
            line.Adapt<TrainingProgress>(progress => (progress.Done, progress.What)), cancel);
        line.Clear();
        Notes.Write("offering more and more flows");
        return new(name, fileName, splits,
            LoadCurve.Measure(splits.Runs[0].Evaluated.Bundle.Plan, Seed, cancel));
    }

    void Print(List<ReproducedData> data)
    {
        var report = ReproductionReport.Write(data, Directory);
        if (Json)
        {
            Console.WriteLine(DocumentJson.Format(new ReproductionDocument(report,
                [.. data.Select(d => new ReproducedDataDocument(d.Name, SplitsDocument.From(d.Splits), d.Load))])));
            return;
        }

        Console.WriteLine(ReproductionReport.Text(data));
        Console.WriteLine($"report: {report}");
    }

    static string FileName(string name) =>
        string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
