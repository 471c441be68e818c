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
        var placer = new SearchPlacer(made.Flows, made.Candidates, new(), new(PlacementAim.Mean));
        return placer.Front.Points.Count + placer.Place()!.Tiers.Count;
    }
}
