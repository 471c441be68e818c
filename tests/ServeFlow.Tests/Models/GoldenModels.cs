using Xunit;

namespace ServeFlow.Tests.Models;

/// <summary>Models that LightGBM 4.7.0 trained, and its own predictions; GoldenModelTests of the training tests
/// makes them.</summary>
static class GoldenModels
{
    static readonly string Folder = Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Models", "Golden");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.model.txt")
        .Select(path => Path.GetFileName(path).Replace(".model.txt", "")).Order(StringComparer.Ordinal)];

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.model.txt"));

    public static IEnumerable<(float[] Row, double[] Predicted)> Predictions(string name) =>
        File.ReadLines(Path.Combine(Folder, $"{name}.predictions.csv")).Select(line => line.Split(',')).Select(parts =>
            (Array.ConvertAll(parts[0].Split(' '), float.Parse), Array.ConvertAll(parts[1].Split(' '), double.Parse)));
}
