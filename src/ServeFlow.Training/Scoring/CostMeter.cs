using System.Diagnostics;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>
/// Measures what a cascade, of one tier or more, computes per flow: features, scoring and deciding, with the engine
/// that serves it, on this machine and one thread.
/// </summary>
static class CostMeter
{
    /// <summary>
    /// Flows in a batch, and flows of a pass: a link that is hardly used, one that is busy, one that is full. Few
    /// enough that the slowest of forests takes a fraction of a second.
    /// </summary>
    static readonly (int Batch, int Flows)[] Loads = [(1, 128), (32, 512), (IBatchScorer.Capacity, 2048)];

    /// <summary>Specifies the number of passes over each load.</summary>
    const int Passes = 9;

    /// <summary>Specifies the number of passes where they take long: what disturbs them is short then.</summary>
    const int MinPasses = 3;

    static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Limits the time during which hot code is compiled again beside the passes; these are not counted.
    /// </summary>
    static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(50);

    /// <returns>The median of the passes by rising batch size; 0 ns where there is no flow. Passes of the sizes take
    /// turns, so that a disturbance meets them all.</returns>
    public static IReadOnlyList<BatchCost> Measure(FlowSample flows, TimeSpan waitLimit,
        IReadOnlyList<TimedTier> tiers) =>
        Measure(flows, waitLimit, tiers, Loads);

    /// <summary>Measures the cost of one model that answers every flow, in full batches.</summary>
    /// <returns>Nanoseconds per flow; 0 where there is no flow.</returns>
    public static double NsPerFlow(FlowSample flows, TimeSpan waitLimit, TimedTier tier) =>
        Measure(flows, waitLimit, [tier], Loads[^1..])[0].NsPerFlow;

    static BatchCost[] Measure(FlowSample flows, TimeSpan waitLimit, IReadOnlyList<TimedTier> tiers,
        (int Batch, int Flows)[] loads)
    {
        var sample = flows.EvenlySampled(loads[^1].Flows);
        if (sample.Count == 0)
        {
            return [.. loads.Select(load => new BatchCost(load.Batch, 0))];
        }

        var cascade = new CascadePass(sample, waitLimit, tiers);
        var times = loads.Select(_ => new List<double>()).ToArray();
        WarmUpBy(() => Pass(cascade, loads, sample.Count, null));
        var begin = Stopwatch.GetTimestamp();
        for (var pass = 0; pass < Passes; pass++)
        {
            if (pass >= MinPasses && Stopwatch.GetElapsedTime(begin) > MaxDuration)
            {
                break;
            }

            Pass(cascade, loads, sample.Count, times);
        }

        return [.. loads.Zip(times, (load, passes) => new BatchCost(load.Batch, Median(passes)))];
    }

    static void WarmUpBy(Action pass)
    {
        var begin = Stopwatch.GetTimestamp();
        do
        {
            pass();
        }
        while (Stopwatch.GetElapsedTime(begin) < WarmUp);
    }

    /// <summary>Makes one pass over each load.</summary>
    static void Pass(CascadePass cascade, (int Batch, int Flows)[] loads, int flows, List<double>[]? times)
    {
        foreach (var (number, load) in loads.Index())
        {
            var ns = Time(cascade, load.Batch, Math.Min(load.Flows, flows));
            times?[number].Add(ns);
        }
    }

    static double Time(CascadePass cascade, int batch, int flows)
    {
        var start = Stopwatch.GetTimestamp();
        cascade.Run(flows, batch);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / flows;
    }

    static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
