using System.Runtime.InteropServices;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Leaf values in fixed point: bytes of multiples of a unit. The trees of an output are cut into runs of similar
/// values, each run with a unit of its own, so that the few large trees do not coarsen the many small ones.
/// </summary>
sealed class LeafDigits
{
    /// <summary>Trees are looked up in fours: a run is cut after a multiple.</summary>
    const int Group = 4;

    /// <summary>A run ends where trees need less than this share of its range.</summary>
    const double SmallerRange = 0.4;

    readonly List<TreePart> parts;
    readonly byte[] tables;

    public LeafDigits(List<TreePart> parts, int digits, int codes)
    {
        this.parts = parts;
        Digits = digits;
        tables = new byte[parts.Count * digits * codes];
    }

    public int Digits { get; }

    public byte[] Tables => tables;

    public List<TreeRun> Runs { get; } = [];

    /// <summary>Largest error of an output's sum.</summary>
    public double SumError { get; private set; }

    /// <param name="starts">[outputs + 1] places in <paramref name="parts"/>.</param>
    /// <param name="divisor">What sums are divided by.</param>
    public static LeafDigits Write(List<TreePart> parts, IReadOnlyList<int> starts, int digits, int divisor,
        int codes)
    {
        var written = new LeafDigits(parts, digits, codes);
        for (var output = 0; output + 1 < starts.Count; output++)
        {
            written.WriteOutput(output, starts[output], starts[output + 1], divisor);
        }

        return written;
    }

    /// <summary>Writes values of the only output, which are whole numbers, as they are.</summary>
    public void WriteWhole()
    {
        for (var first = 0; first < parts.Count; first += TreeRun.MaxTrees)
        {
            Runs.Add(new(0, first, Math.Min(first + TreeRun.MaxTrees, parts.Count), 1));
        }

        for (var place = 0; place < parts.Count; place++)
        {
            WriteTable(parts[place], 1, place);
        }
    }

    void WriteOutput(int output, int first, int end, int divisor)
    {
        var error = 0.0;
        while (first < end)
        {
            var runEnd = RunEnd(first, end);
            var ofRun = CollectionsMarshal.AsSpan(parts)[first..runEnd];
            var unit = Unit(ofRun);
            for (var i = 0; i < ofRun.Length; i++)
            {
                WriteTable(ofRun[i], unit, first + i);

                // A flow reaches one leaf of a tree: only one of its parts adds an error.
                error += ofRun[i].IsFirstOfTree ? unit / 2 / divisor : 0;
            }

            Runs.Add(new(output, first, runEnd, unit / divisor));
            first = runEnd;
        }

        SumError = Math.Max(SumError, error);
    }

    int RunEnd(int first, int end)
    {
        var at = first + Group;
        while (at < end && at - first + Group <= TreeRun.MaxTrees
            && parts[at].TreeRange >= parts[first].TreeRange * SmallerRange)
        {
            at += Group;
        }

        return Math.Min(at, end);
    }

    /// <summary>
    /// Computes the value of one step of the lowest digit, so that the largest leaf value still fits.
    /// </summary>
    double Unit(ReadOnlySpan<TreePart> ofRun)
    {
        var largest = 0.0;
        foreach (var part in ofRun)
        {
            largest = Math.Max(largest, part.TreeRange);
        }

        return largest == 0 ? 1 : largest / ((1L << (8 * Digits)) - 1);
    }

    void WriteTable(TreePart part, double unit, int place)
    {
        var codes = part.Values.Length;
        for (var code = 0; code < codes; code++)
        {
            var value = (long)Math.Round(part.Values[code] / unit);
            for (var digit = 0; digit < Digits; digit++)
            {
                tables[(((place * Digits) + digit) * codes) + code] = (byte)(value >> (8 * digit));
            }
        }
    }
}
