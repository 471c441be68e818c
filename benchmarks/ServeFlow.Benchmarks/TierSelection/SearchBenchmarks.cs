using BenchmarkDotNet.Attributes;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Benchmarks.TierSelection;

/// <summary>
/// A placement, predictions cached and made up: every cascade of up to three tiers counted, the front told, the best
/// calibrated. Takes seconds, hence run once.
/// </summary>
[WarmupCount(0)]
[IterationCount(1)]
[InvocationCount(1, 1)]
public class SearchBenchmarks
{
    const int Candidates = 60, Flows = 10_000;

    readonly SyntheticCandidates made = new(Candidates, Flows);

    [Benchmark]
    public int Place()
    {
        int[] parts = [.. Enumerable.Range(0, Flows).Select(flow => flow % 3)];
        var run = new PlacementRun(made.Flows, parts, made.Candidates,
            new() { Objective = new(PlacementAim.Mean) }, CancellationToken.None);
        return run.Front.Points.Count + run.Cascade.Tiers.Count;
    }
}
