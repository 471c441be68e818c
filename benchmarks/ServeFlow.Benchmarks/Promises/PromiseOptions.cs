using System.Globalization;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Benchmarks.Promises;

/// <summary>Says on which captures promises are tried, and how often.</summary>
sealed record PromiseOptions
{
    /// <summary>Gets the path of the captures, with a <c>labels.csv</c>.</summary>
    public required string Directory { get; init; }

    /// <summary>Gets the path of the file that the result is written to.</summary>
    public required string Output { get; init; }

    /// <summary>Gets how often captures are drawn.</summary>
    public int Draws { get; init; } = 400;

    /// <summary>Gets the kinds of models.</summary>
    public IReadOnlyList<ITrainer> Models { get; init; } = [new LgbmTrainer()];

    /// <summary>Gets the numbers of packets that models are trained for.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [1, 10];

    /// <summary>Gets the feature set; null where it is chosen as <c>train</c> does.</summary>
    public string? Features { get; init; }

    /// <summary>Reads a directory and a file, and pairs of option and value; null where they are none.</summary>
    public static PromiseOptions? Parse(string[] options)
    {
        if (options is not [var directory, var output, .. var pairs] || directory.StartsWith('-')
            || output.StartsWith('-'))
        {
            return null;
        }

        return pairs.Chunk(2).Aggregate((PromiseOptions?)new() { Directory = directory, Output = output },
            (read, pair) => pair.Length < 2 ? null : read?.With(pair[0], pair[1]));
    }

    PromiseOptions? With(string option, string value) => option switch
    {
        "--draws" when Number(value) is >= 1 and <= 100_000 and var draws => this with { Draws = draws },
        "--depths" when value.Split(',').All(depth => Number(depth) is >= 1 and <= 1_000) =>
            this with { Depths = [.. value.Split(',').Select(Number)] },
        "--models" when value.Split(',') is var names && names.All(name => Trainer(name) is not null) =>
            this with { Models = [.. names.Select(name => Trainer(name)!)] },
        "--features" => this with { Features = value },
        _ => null,
    };

    static ITrainer? Trainer(string name) =>
        new ITrainer[] { new DtTrainer(), new RfTrainer(), new EtTrainer(), new LgbmTrainer() }
            .FirstOrDefault(trainer => trainer.Name == name);

    static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
