using System.Text.Encodings.Web;
using System.Text.Json;
using ServeFlow.Benchmarks.Figures;
using ServeFlow.Benchmarks.Scale;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;

namespace ServeFlow.Benchmarks.Promises;

/// <summary>Answers <c>promise</c>: how often a bound on the loss holds for the captures that others are drawn
/// from.</summary>
static class PromiseVerb
{
    const string Usage = """
        promise DIRECTORY FILE.json [--models lgbm] [--depths 1,10] [--features SET] [--draws 400]
              captures with a labels.csv; the file is written anew as draws go on; features as train chooses them
        """;

    const double Confidence = 0.95;

    /// <summary>The number of draws after which the file is written.</summary>
    const int Batch = 20;

    /// <summary>Seeds the draws of captures. What <c>train</c> draws has another seed.</summary>
    const int DrawSeed = 20;

    /// <summary>The shares of flows that are promised to be lost at most.</summary>
    static readonly double[] maxLosses = [0.01, 0.02, 0.05];

    static readonly JsonSerializerOptions json = new(ResultFiles.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // feature sets have a plus sign
        Converters = { new RoundedNumbers() },
    };

    /// <returns>The process's exit code: 2 where the options are wrong.</returns>
    public static int Run(string[] options)
    {
        if (PromiseOptions.Parse(options) is not { } asked)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        foreach (var run in Measure(Request(asked), asked.Draws))
        {
            File.WriteAllText(asked.Output, JsonSerializer.Serialize(run, json) + "\n");
            Console.Error.WriteLine($"{run.Draws} of {asked.Draws} draws; exceeded "
                + string.Join(", ", run.Levels.Select(level => $"{level.MaxLoss:0 %}: {level.Exceeded}")));
        }

        return 0;
    }

    static TrainRequest Request(PromiseOptions asked) => new()
    {
        Data = DataSetBuilder.Build(
            new()
            {
                Path = asked.Directory,
                Labels = Path.Combine(asked.Directory, "labels.csv"),
                Schema = FeatureSchema.Parse(asked.Features ?? FeatureSchema.DefaultSet),
                Depth = asked.Depths.Max(),
            }, null, default).Data,
        Bundle = "", // none is written
        ChoosesFeatures = asked.Features is null,
        Trainers = asked.Models,
        Depths = asked.Depths,
    };

    /// <summary>Tries promises on draw after draw, and tells after every few what they all showed.</summary>
    static IEnumerable<PromiseRun> Measure(TrainRequest request, int draws)
    {
        var population = CapturePopulation.Measure(request, default);
        Console.Error.WriteLine($"{population.Captures} captures, {population.Flows.Count} flows, "
            + string.Join(", ", population.Candidates.Select(tier => $"{tier.Spec} {tier.WeightedF1:0.000}")));
        TrainRequest[] requests = [.. maxLosses.Select(max =>
            request with { Goal = new() { MaxLoss = max }, Promise = new(max, Confidence) })];
        var (random, trials) = (new Random(DrawSeed), new List<PromiseTrial[]>());
        foreach (var batch in Enumerable.Range(0, draws).Select(_ => population.Draw(random)).Chunk(Batch))
        {
            trials.AddRange(batch.AsParallel().AsOrdered()
                .Select(captures => PromiseTrial.Run(population, requests, captures, default)));
            yield return new(population.Flows.Data.Schema.Set, [.. request.Specs.Select(spec => spec.ToString())],
                population.Captures, population.Flows.Count, trials.Count, Confidence,
                [.. maxLosses.Select((max, level) => Summarise(max, [.. trials.Select(trial => trial[level])]))]);
        }
    }

    static PromiseLevel Summarise(double maxLoss, IReadOnlyList<PromiseTrial> trials) => new(maxLoss,
        trials.Count(trial => trial.LostShare > maxLoss),
        trials.Count(trial => trial.LostShare > trial.Bound),
        trials.Count(trial => trial.IsVacuous),
        trials.Average(trial => trial.EarlyShare),
        trials.Average(trial => trial.FirstPacketShare),
        trials.Average(trial => trial.LostShare),
        trials.Average(trial => trial.UndrawnLostShare),
        trials.Max(trial => trial.LostShare));
}
