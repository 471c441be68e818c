using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Evaluation;

/// <summary>Measures what a tier computes per flow, features and scoring, on this machine and one thread.</summary>
public static class CostMeter
{
    /// <summary>Enough for stable figures, few enough that slow models take a fraction of a second.</summary>
    const int MostFlows = 512;

    /// <summary>The fastest of so many passes counts: everything that disturbs a pass makes it slower.</summary>
    const int Passes = 3;

    /// <returns>Nanoseconds per flow; 0 where there is no flow.</returns>
    public static double NsPerFlow(DataSet data, IReadOnlyList<int> flows, int depth, TimeSpan waitLimit,
        Func<IBatchScorer> create)
    {
        var stride = Math.Max(1, flows.Count / MostFlows);
        int[] sample = [.. flows.Where((_, i) => i % stride == 0).Take(MostFlows)];
        if (sample.Length == 0)
        {
            return 0;
        }

        var scorer = new FlowScorer(data, depth, waitLimit, create);
        var batch = new FlowScorer.Batch(create());
        var best = TimeSpan.MaxValue;
        for (var pass = 0; pass <= Passes; pass++)
        {
            var start = Stopwatch.GetTimestamp();
            scorer.Fill(batch, sample, 0, sample.Length);
            batch.Score(sample.Length);
            var elapsed = Stopwatch.GetElapsedTime(start);

            // The first pass compiles the code and is not counted.
            best = pass > 0 && elapsed < best ? elapsed : best;
        }

        return best.TotalNanoseconds / sample.Length;
    }
}
