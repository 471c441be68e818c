namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Holds what was measured of one engine at one batch size.</summary>
/// <param name="Best">Nanoseconds a flow, best round.</param>
/// <param name="Median">The same, median round.</param>
/// <param name="LargestDifference">The largest difference from LightGBM's probabilities, over thousands of rows and all
/// classes.</param>
sealed record EngineTime(string Engine, string Isa, int Batch, double Best, double Median, double LargestDifference,
    string Covers);
