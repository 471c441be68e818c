using System.Numerics;

namespace ServeFlow.Training.Placement;

/// <summary>A set of calibration flows, a bit each, so that cascades are compared by counting bits.</summary>
readonly struct FlowSet(int flows)
{
    const int WordBits = 64;

    readonly ulong[] words = new ulong[(flows + WordBits - 1) / WordBits];

    public void Add(int flow) => words[flow / WordBits] |= 1UL << (flow % WordBits);

    public int Count()
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>How many flows are in both.</summary>
    public int CountAnd(FlowSet other)
    {
        var mine = words.AsSpan();
        var others = other.words.AsSpan(0, mine.Length);
        var count = 0;
        for (var i = 0; i < mine.Length; i++)
        {
            count += BitOperations.PopCount(mine[i] & others[i]);
        }

        return count;
    }

    /// <summary>How many flows are in all three.</summary>
    public int CountAnd(FlowSet second, FlowSet third)
    {
        var mine = words.AsSpan();
        var seconds = second.words.AsSpan(0, mine.Length);
        var thirds = third.words.AsSpan(0, mine.Length);
        var count = 0;
        for (var i = 0; i < mine.Length; i++)
        {
            count += BitOperations.PopCount(mine[i] & seconds[i] & thirds[i]);
        }

        return count;
    }

    /// <summary>Makes <paramref name="into"/> the flows of this set that are not in <paramref name="other"/>.</summary>
    public void Without(FlowSet other, FlowSet into)
    {
        for (var i = 0; i < words.Length; i++)
        {
            into.words[i] = words[i] & ~other.words[i];
        }
    }

    /// <summary>Counts the flows that are in both by their step of time, and sums up their times.</summary>
    public double Tally(FlowSet other, ReadOnlySpan<float> times, ReadOnlySpan<byte> steps, Span<int> counts)
    {
        var sum = 0.0;
        for (var i = 0; i < words.Length; i++)
        {
            for (var rest = words[i] & other.words[i]; rest != 0; rest &= rest - 1)
            {
                var flow = (i * WordBits) + BitOperations.TrailingZeroCount(rest);
                sum += times[flow];
                counts[steps[flow]]++;
            }
        }

        return sum;
    }
}
