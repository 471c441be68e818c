using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// The training rows bit-sliced: for every possible split one bit a row, set where the row goes left. Rows are
/// ordered by class and each class is padded to whole words, so that counting the classes left of a split is one
/// population count a word. Splits that part the rows in the same way are kept once.
/// </summary>
sealed class SplitPlanes
{
    readonly List<ulong[]> planes = [];
    readonly List<(int Column, double Threshold)> splits = [];

    /// <summary>Holds the first plane of each column that has any, and the number of planes behind the last.</summary>
    readonly List<int> firstPlanes = [];

    SplitPlanes(int[] rowOfSlot, int[] classOfWord) => (RowOfSlot, ClassOfWord) = (rowOfSlot, classOfWord);

    public int Count => planes.Count;

    /// <summary>Gets the number of columns that have a plane of their own.</summary>
    public int Columns => firstPlanes.Count - 1;

    public int[] ClassOfWord { get; }

    /// <summary>Gets the row at each bit of each word, −1 for padding.</summary>
    public int[] RowOfSlot { get; }

    public ulong[] this[int plane] => planes[plane];

    /// <summary>Returns the column, by its place among the rows' columns, and the threshold that a plane stands
    /// for.</summary>
    public (int Column, double Threshold) Split(int plane) => splits[plane];

    /// <summary>Returns the planes of one of the <see cref="Columns"/>, by ascending thresholds.</summary>
    public (int First, int Count) PlanesOf(int column) =>
        (firstPlanes[column], firstPlanes[column + 1] - firstPlanes[column]);

    public static SplitPlanes Build(IFlowRows rows, int[] labels, int classes, int threads, CancellationToken cancel)
    {
        var (rowOfSlot, classOfWord) = OrderByClass(labels, classes);
        var result = new SplitPlanes(rowOfSlot, classOfWord);
        var cuts = CutPoints.Compute(rows);
        var bits = result.Fill(rows, cuts, threads, cancel);
        var seen = new HashSet<UInt128>();
        var occupied = result.Occupied();
        var plane = 0;
        for (var c = 0; c < cuts.Length; c++)
        {
            foreach (var cut in cuts[c])
            {
                var words = bits[plane++];
                if (Separates(words, occupied)
                    && seen.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes<ulong>(words))))
                {
                    result.Add(words, c, cut);
                }
            }
        }

        result.firstPlanes.Add(result.planes.Count);
        return result;
    }

    void Add(ulong[] plane, int column, double threshold)
    {
        if (splits.Count == 0 || splits[^1].Column != column)
        {
            firstPlanes.Add(planes.Count);
        }

        planes.Add(plane);
        splits.Add((column, threshold));
    }

    /// <summary>Returns a bit for every slot that holds a row.</summary>
    public ulong[] Occupied()
    {
        var words = new ulong[ClassOfWord.Length];
        for (var slot = 0; slot < RowOfSlot.Length; slot++)
        {
            words[slot / 64] |= RowOfSlot[slot] < 0 ? 0 : 1UL << (slot % 64);
        }

        return words;
    }

    static (int[] RowOfSlot, int[] ClassOfWord) OrderByClass(int[] labels, int classes)
    {
        var slots = new List<int>();
        var words = new List<int>();
        for (var k = 0; k < classes; k++)
        {
            slots.AddRange(Enumerable.Range(0, labels.Length).Where(row => labels[row] == k));
            while (slots.Count % 64 != 0)
            {
                slots.Add(-1);
            }

            words.AddRange(Enumerable.Repeat(k, (slots.Count / 64) - words.Count));
        }

        return ([.. slots], [.. words]);
    }

    ulong[][] Fill(IFlowRows rows, double[][] cuts, int threads, CancellationToken cancel)
    {
        var bits = new ulong[cuts.Sum(c => c.Length)][];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = new ulong[ClassOfWord.Length];
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Parallel.For(0, ClassOfWord.Length, options, () => new float[rows.Columns], (word, _, row) =>
        {
            for (var bit = 0; bit < 64 && RowOfSlot[(word * 64) + bit] is >= 0 and var number; bit++)
            {
                rows.Read(number, row);
                SetBits(bits, cuts, row, word, 1UL << bit);
            }

            return row;
        }, _ => { });
        return bits;
    }

    static void SetBits(ulong[][] bits, double[][] cuts, float[] row, int word, ulong bit)
    {
        var plane = 0;
        for (var c = 0; c < row.Length; c++)
        {
            foreach (var cut in cuts[c])
            {
                if (row[c] <= cut)
                {
                    bits[plane][word] |= bit;
                }

                plane++;
            }
        }
    }

    static bool Separates(ulong[] plane, ulong[] occupied) =>
        plane.AsSpan().ContainsAnyExcept(0UL) && !plane.AsSpan().SequenceEqual(occupied);
}
