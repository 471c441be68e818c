using ServeFlow.Training.Trainers.Native;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>
/// The golden models of tests/ServeFlow.Tests/Models/Golden come from here: LightGBM trained them and made the
/// predictions. <c>SERVEFLOW_UPDATE_GOLDEN=1</c> makes them anew; otherwise the library must still predict the same.
/// </summary>
public sealed class GoldenModelTests
{
    const int Rows = 60;

    public static TheoryData<string> Kinds => [.. SyntheticModel.Kinds.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Golden_EveryKind_IsWhatLightGbmPredicts(string kind)
    {
        var model = Path.Combine(Folder(), $"{kind}.model.txt");
        var predictions = Path.Combine(Folder(), $"{kind}.predictions.csv");
        if (Environment.GetEnvironmentVariable("SERVEFLOW_UPDATE_GOLDEN") == "1")
        {
            Update(kind, model, predictions);
        }

        using var booster = LightGbmBooster.Load(File.ReadAllText(model));
        foreach (var line in File.ReadLines(predictions))
        {
            var (row, expected) = Parse(line);
            Assert.Equal(expected, booster.Predict(row), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    static void Update(string kind, string model, string predictions)
    {
        var (_, classes, parameters, nan) = SyntheticModel.Kinds.Single(k => k.Name == kind);
        var trained = SyntheticModel.Train(classes, parameters, nan, seed: 42, rounds: 3);
        using var booster = LightGbmBooster.Load(trained.Text);
        var lines = trained.Rows.Chunk(trained.Columns).Take(Rows)
            .Select(row => $"{string.Join(' ', row)},{string.Join(' ', booster.Predict(row))}\n");
        File.WriteAllText(model, trained.Text);
        File.WriteAllText(predictions, string.Concat(lines));
    }

    /// <summary>A line: the row's values, a comma, LightGBM's outputs; both separated by spaces.</summary>
    static (float[] Row, double[] Expected) Parse(string line)
    {
        var parts = line.Split(',');
        return (Array.ConvertAll(parts[0].Split(' '), float.Parse),
            Array.ConvertAll(parts[1].Split(' '), double.Parse));
    }

    static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServeFlow.slnx")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder!.FullName, "tests", "ServeFlow.Tests", "Models", "Golden");
    }
}
