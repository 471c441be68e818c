using System.Numerics;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;

namespace ServeFlow.Training.Drift;

/// <summary>Counts answered flows as a sensor does.</summary>
/// <param name="flows">The flows.</param>
/// <param name="layout">Where counts stand.</param>
/// <param name="places">[class]: where it is counted.</param>
sealed class WindowSums(AnsweredFlows flows, DriftLayout layout, int[] places)
{
    /// <summary>Adds a flow.</summary>
    /// <param name="isAsked">Whether it is one that the questions are asked of.</param>
    public void Add(Span<long> counts, int position, bool isAsked)
    {
        var answer = flows.Answers[position];
        counts[DriftLayout.Flows]++;
        counts[layout.Tier(answer.Tier)]++;
        if (answer.Label == Classification.UnknownId)
        {
            counts[DriftLayout.Unknown]++;
        }
        else
        {
            counts[layout.Class(places[answer.Label])]++;
            counts[layout.Confidence(places[answer.Label])] += (long)(answer.Confidence * DriftLayout.ConfidenceUnit);
        }

        if (isAsked)
        {
            counts[DriftLayout.Sampled]++;
            for (var left = flows.Yes[position]; left != 0; left &= left - 1)
            {
                counts[layout.Question(BitOperations.TrailingZeroCount(left))]++;
            }
        }
    }

    /// <summary>Reads the figures of some flows; those that they do not tell are 0.</summary>
    public double[] Read(IEnumerable<int> positions)
    {
        var counts = new long[layout.Length];
        foreach (var position in positions)
        {
            Add(counts, position, isAsked: true);
        }

        var values = new double[DriftStatistics.Count(layout)];
        DriftStatistics.ReadValues(layout, counts, values);
        return [.. values.Select(value => double.IsNaN(value) ? 0 : value)];
    }
}
