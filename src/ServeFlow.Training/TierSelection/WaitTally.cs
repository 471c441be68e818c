using System.Numerics;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Tallies how long some flows wait: their sum, exactly, and how many there are of each step of time.
/// </summary>
sealed class WaitTally
{
    readonly int[] counts = new int[TimeScale.Steps];

    /// <summary>Holds, by step, the flows that wait no longer; as of the latest <see cref="Accumulate"/>.</summary>
    readonly int[] cumulative = new int[TimeScale.Steps];

    public long SumNs { get; private set; }

    public void Add(WaitTimes times, int flow)
    {
        SumNs += times.Ns[flow];
        counts[times.Steps[flow]]++;
    }

    public void Remove(WaitTimes times, int flow)
    {
        SumNs -= times.Ns[flow];
        counts[times.Steps[flow]]--;
    }

    /// <summary>Adds the flows of <paramref name="from"/> that are in <paramref name="answered"/> too, and leaves the
    /// others in <paramref name="rest"/>.</summary>
    /// <returns>The number of flows that were added.</returns>
    public int Move(FlowSet from, FlowSet answered, FlowSet rest, WaitTimes times)
    {
        var count = 0;
        for (var word = 0; word < from.Words.Length; word++)
        {
            for (var both = rest.Divide(from, answered, word); both != 0; both &= both - 1, count++)
            {
                Add(times, (word * FlowSet.WordBits) + BitOperations.TrailingZeroCount(both));
            }
        }

        return count;
    }

    public void CopyFrom(WaitTally other)
    {
        SumNs = other.SumNs;
        other.counts.CopyTo(counts, 0);
    }

    public void Clear()
    {
        SumNs = 0;
        counts.AsSpan().Clear();
    }

    /// <summary>Sums the steps up. Call it when all is added, before <see cref="MedianStep"/>.</summary>
    public void Accumulate()
    {
        var sum = 0;
        for (var step = 0; step < cumulative.Length; step++)
        {
            sum += counts[step];
            cumulative[step] = sum;
        }
    }

    /// <summary>Returns the step that half of the flows of three tallies do not exceed.</summary>
    /// <param name="total">Flows in all three.</param>
    public static int MedianStep(WaitTally a, WaitTally b, WaitTally c, int total)
    {
        int[] first = a.cumulative, second = b.cumulative, third = c.cumulative;
        var (low, high) = (0, TimeScale.Steps - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (2 * (first[middle] + second[middle] + third[middle]) >= total)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
