using BenchmarkDotNet.Attributes;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Benchmarks.Cascade;

/// <summary>From one flow's probabilities to an answer or an escalation, eleven classes.</summary>
public class DecisionBenchmarks
{
    const int Flows = IBatchScorer.Capacity;
    const int Classes = 11;

    readonly float[] raw = new float[Flows * Classes];
    readonly float[] probabilities = new float[Flows * Classes];
    TierRule rule = null!;

    [Params(UncertaintyMeasure.LeastConfidence, UncertaintyMeasure.Margin, UncertaintyMeasure.Entropy)]
    public UncertaintyMeasure Measure { get; set; }

    /// <summary>1 leaves the probabilities as they are.</summary>
    [Params(1, 1.5)]
    public double Temperature { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var flow = 0; flow < Flows; flow++)
        {
            var row = raw.AsSpan(flow * Classes, Classes);
            foreach (ref var p in row)
            {
                p = (float)Math.Pow(random.NextDouble(), 8);
            }

            var total = 0f;
            foreach (var p in row)
            {
                total += p;
            }

            foreach (ref var p in row)
            {
                p /= total;
            }
        }

        rule = new(Temperature, Measure, [.. Enumerable.Repeat(0.3, Classes)]);
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public int Decide()
    {
        raw.CopyTo(probabilities, 0);
        var escalated = 0;
        for (var flow = 0; flow < Flows; flow++)
        {
            escalated += rule.Decide(probabilities.AsSpan(flow * Classes, Classes)).Escalate ? 1 : 0;
        }

        return escalated;
    }
}
