using System.Text.Json;
using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Reads measured points from the committed result files.</summary>
/// <param name="results">The path of <c>benchmarks/results</c>.</param>
sealed class MeasuredRates(string results)
{
    /// <summary>Holds the rates of a second run, of which no more was kept, by name.</summary>
    readonly Dictionary<string, double> second = JsonSerializer.Deserialize<Dictionary<string, double>>(
        File.ReadAllText(Path.Combine(results, "simulation", "second-run.json")))!;

    /// <summary>Gets the results of sixteen virtual cores of a Sapphire Rapids.</summary>
    public ResultFiles Xeon { get; } = new(Path.Combine(results, "intel-xeon-avx512-16-cores"));

    /// <summary>Gets the results of two cores of an EPYC.</summary>
    public ResultFiles Epyc { get; } = new(Path.Combine(results, "amd-epyc-avx2"));

    /// <summary>Gets the new flows a second of the run whose files are committed.</summary>
    public double First(int packets, int workers) => Xeon.Rate(packets, workers, "null").FlowsPerSecond;

    /// <summary>Gets the new flows a second of the second run.</summary>
    public double Second(int packets, int workers) => second[Name(packets, workers)];

    /// <summary>Names a point, such as <c>10 packets, 1 worker</c>.</summary>
    public static string Name(int packets, int workers) =>
        $"{packets} packet{(packets > 1 ? "s" : "")}, {workers} worker{(workers > 1 ? "s" : "")}";

    /// <summary>Computes nanoseconds of a thread for a flow, the geometric mean of both runs.</summary>
    public double MeanTime(int packets, int workers) =>
        workers * 1e9 / Math.Sqrt(First(packets, workers) * Second(packets, workers));
}
