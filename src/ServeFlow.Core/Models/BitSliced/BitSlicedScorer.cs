using System.Runtime.Intrinsics;

namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Scores batches on a <see cref="BitSlicedForest"/>. Holds the working memory of one worker; allocates nothing
/// after its construction.
/// </summary>
public sealed unsafe class BitSlicedScorer
{
    const int BatchSize = BitSlicedForest.BatchSize;
    const int PlaneBytes = BitSlicedForest.PlaneBytes;
    const int GroupSize = BitSlicedForest.GroupSize;
    const int MostDigits = 5;

    /// <summary>Groups after which a 16-bit digit sum could overflow: 65,535 / (4 · 63).</summary>
    const int GroupsPerFlush = 260;

    readonly BitSlicedForest forest;
    readonly PinnedBuffer slots = new(SlotPool.Bytes);
    readonly PinnedBuffer codes = new(GroupSize * BatchSize);
    readonly PinnedBuffer codePlanes = new(8 * PlaneBytes);
    readonly PinnedBuffer digitSums = new(MostDigits * BatchSize * sizeof(ushort));
    readonly double[] sums = new double[BatchSize];
    readonly float[] scores;

    /// <summary>Flows of the batch at hand: small batches skip the work for those that are not there.</summary>
    int flows;

    public BitSlicedScorer(BitSlicedForest forest)
    {
        this.forest = forest;
        scores = new float[forest.Outputs * BatchSize];
    }

    /// <summary>Scores one batch.</summary>
    /// <param name="planes">[predicates × <see cref="PlaneBytes"/>]: bit f of plane p is set where flow f answers
    /// predicate p with yes. Bits from <paramref name="count"/> on may be anything.</param>
    /// <param name="probabilities">[count × classes], row-major.</param>
    public void Score(ReadOnlySpan<byte> planes, int count, Span<float> probabilities)
    {
        flows = count;
        new Span<byte>(slots.Pointer + SlotPool.EveryFlow, PlaneBytes).Fill(0xff);
        fixed (byte* plane = planes)
        {
            for (var output = 0; output < forest.Outputs; output++)
            {
                ScoreOutput(plane, output);
            }
        }

        BatchTransforms.Apply(forest, scores, count, probabilities);
    }

    void ScoreOutput(byte* planes, int output)
    {
        var (first, end) = (forest.OutputStarts[output], forest.OutputStarts[output + 1]);
        Array.Clear(sums);
        digitSums.Clear();
        var groups = 0;
        for (var tree = first; tree < end; tree += GroupSize)
        {
            var trees = Math.Min(GroupSize, end - tree);
            for (var i = 0; i < trees; i++)
            {
                FindLeaves(planes, forest.Trees[tree + i]);
                CodeTranspose.ToBytes(codePlanes.Pointer, flows, codes.Pointer + (i * BatchSize));
            }

            AddLeaves(tree, trees);
            if (++groups % GroupsPerFlush == 0)
            {
                FlushDigits();
            }
        }

        FlushDigits();
        Store(output);
    }

    /// <summary>Leaves in the code planes which leaf each flow reached.</summary>
    void FindLeaves(byte* planes, in SmallTree tree)
    {
        EnterTree(tree);
        fixed (Branch* branch = &forest.Branches[tree.FirstBranch])
        {
            for (var i = 0; i < tree.InnerBranches; i++)
            {
                Split(planes, branch + i);
            }

            for (var i = tree.InnerBranches; i < tree.InnerBranches + tree.OuterBranches; i++)
            {
                SplitLeaves(planes, branch + i);
            }
        }
    }

    void EnterTree(in SmallTree tree)
    {
        var entered = slots.Pointer + tree.EntrySlot;
        for (var bit = 0; bit < LeafCodes.Bits; bit++)
        {
            var code = codePlanes.Pointer + (bit * PlaneBytes);
            var isSet = ((tree.EntryCode >> bit) & 1) != 0;
            Vector256.Store(isSet ? Vector256.Load(entered) : default, code);
            Vector256.Store(isSet ? Vector256.Load(entered + 32) : default, code + 32);
        }
    }

    void Split(byte* planes, Branch* branch)
    {
        var plane = planes + branch->Plane;
        var source = slots.Pointer + branch->Source;
        var (low, high) = (Vector256.Load(source), Vector256.Load(source + 32));
        var (planeLow, planeHigh) = (Vector256.Load(plane), Vector256.Load(plane + 32));
        var (rightLow, rightHigh) = (low & planeLow, high & planeHigh);
        var left = slots.Pointer + branch->Left;
        Vector256.Store(Vector256.AndNot(low, planeLow), left);
        Vector256.Store(Vector256.AndNot(high, planeHigh), left + 32);
        var right = slots.Pointer + branch->Right;
        Vector256.Store(rightLow, right);
        Vector256.Store(rightHigh, right + 32);
        Flip(branch, rightLow, rightHigh);
    }

    void SplitLeaves(byte* planes, Branch* branch)
    {
        var plane = planes + branch->Plane;
        var source = slots.Pointer + branch->Source;
        Flip(branch, Vector256.Load(source) & Vector256.Load(plane),
            Vector256.Load(source + 32) & Vector256.Load(plane + 32));
    }

    void Flip(Branch* branch, Vector256<byte> low, Vector256<byte> high)
    {
        var code = codePlanes.Pointer + branch->CodeBit;
        Vector256.Store(Vector256.Load(code) ^ low, code);
        Vector256.Store(Vector256.Load(code + 32) ^ high, code + 32);
        for (var more = branch->MoreCodeBits; more != 0; more &= more - 1)
        {
            code = codePlanes.Pointer + (System.Numerics.BitOperations.TrailingZeroCount(more) * PlaneBytes);
            Vector256.Store(Vector256.Load(code) ^ low, code);
            Vector256.Store(Vector256.Load(code + 32) ^ high, code + 32);
        }
    }

    /// <summary>Looks up the leaf values of up to four trees, adds them as bytes and widens the sums.</summary>
    void AddLeaves(int tree, int trees)
    {
        fixed (byte* tables = &forest.Tables[tree * forest.Digits * LeafCodes.Count])
        {
            for (var digit = 0; digit < forest.Digits; digit++)
            {
                LeafLookup.Add(tables + (digit * LeafCodes.Count), forest.Digits * LeafCodes.Count, trees,
                    codes.Pointer, flows, (ushort*)digitSums.Pointer + (digit * BatchSize));
            }
        }
    }

    void FlushDigits()
    {
        var digit = (ushort*)digitSums.Pointer;
        for (var flow = 0; flow < flows; flow++)
        {
            long sum = 0;
            for (var d = forest.Digits - 1; d >= 0; d--)
            {
                sum = (sum << BitSlicedForest.DigitBits) + digit[(d * BatchSize) + flow];
            }

            sums[flow] += sum;
        }

        digitSums.Clear();
    }

    void Store(int output)
    {
        var (scale, offset) = (forest.Scales[output], forest.Offsets[output]);
        for (var flow = 0; flow < flows; flow++)
        {
            scores[(output * BatchSize) + flow] = (float)((sums[flow] * scale) + offset);
        }
    }
}
