using System.Numerics;

namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a set of calibration flows, a bit each, so that cascades are compared by counting
/// bits.</summary>
readonly struct FlowSet(int flows)
{
    internal const int WordBits = 64;

    readonly ulong[] words = new ulong[(flows + WordBits - 1) / WordBits];

    /// <summary>Flow f in bit f % 64 of word f / 64.</summary>
    public ReadOnlySpan<ulong> Words => words;

    public static FlowSet All(int flows)
    {
        var all = new FlowSet(flows);
        for (var flow = 0; flow < flows; flow++)
        {
            all.Add(flow);
        }

        return all;
    }

    public void Add(int flow) => words[flow / WordBits] |= 1UL << (flow % WordBits);

    public bool Contains(int flow) => (words[flow / WordBits] >> (flow % WordBits) & 1) != 0;

    public int Count()
    {
        var count = 0;
        foreach (var word in words)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Counts the flows that are in both.</summary>
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

    /// <summary>Counts the flows that are in all three.</summary>
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

    /// <summary>Makes this the flows of <paramref name="from"/> that are not in <paramref name="other"/>, and returns
    /// those of one word that are.</summary>
    public ulong Divide(FlowSet from, FlowSet other, int word)
    {
        var both = from.words[word] & other.words[word];
        words[word] = from.words[word] ^ both;
        return both;
    }
}
