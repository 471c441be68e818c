using System.Runtime.CompilerServices;

namespace ServeFlow.Models.BitSliced;

/// <summary>Sums the leaf values of every tree for the flows of a batch.</summary>
interface IForestKernel
{
    /// <summary>Gets the number of flows that are taken at once: smaller batches cost as much, larger ones a
    /// multiple.</summary>
    int Flows { get; }

    /// <param name="planes">[predicates × 64 bytes].</param>
    /// <param name="count">Flows of the batch; of later ones scores may be anything.</param>
    /// <param name="scores">[outputs × 512], in the order of <see cref="FlowOrder"/>; overwritten.</param>
    unsafe void Score(byte* planes, int count, double* scores);
}

/// <summary>
/// Evaluates a forest on bit planes in registers of one width. Owned by one worker; allocates nothing after its
/// construction.
/// </summary>
sealed unsafe class ForestKernel<TSet, TTable> : IForestKernel
    where TSet : unmanaged, IFlowSet<TSet, TTable>
    where TTable : unmanaged
{
    const int PlaneBytes = BitSlicedForest.PlaneBytes;

    /// <summary>Specifies the number of trees whose leaf values are looked up and added together before sums are
    /// stored.</summary>
    const int GroupSize = 4;

    /// <summary>Registers that hold the codes of a set of flows, a byte a flow.</summary>
    const int CodeRegisters = 8;

    readonly BitSlicedForest forest;
    readonly PinnedBuffer slots = new(SlotPool.Bytes);
    readonly PinnedBuffer codes = new(GroupSize * CodeRegisters * TSet.Bytes);
    readonly DigitSums sums;

    public ForestKernel(BitSlicedForest forest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(BitSlicedForest.CodeBits(forest.Engine), TSet.CodeBits);
        this.forest = forest;
        sums = new(forest.Digits, CodeRegisters * TSet.Bytes);
        new Span<byte>(slots.Pointer + SlotPool.EveryFlow, PlaneBytes).Fill(0xff);
    }

    public int Flows => CodeRegisters * TSet.Bytes;

    public void Score(byte* planes, int count, double* scores)
    {
        fixed (SmallTree* trees = forest.Trees)
        fixed (Branch* branches = forest.Branches)
        fixed (LeafBranch* leafBranches = forest.LeafBranches)
        fixed (byte* tables = forest.Tables)
        {
            var model = new Model(trees, branches, leafBranches, tables);
            for (var first = 0; first < count; first += Flows)
            {
                ScoreBlock(model, planes + (first / 8), slots.Pointer + (first / 8), scores + first);
            }
        }
    }

    void ScoreBlock(in Model model, byte* planes, byte* sets, double* scores)
    {
        for (var output = 0; output < forest.Outputs; output++)
        {
            new Span<double>(scores + (output * BitSlicedForest.BatchSize), Flows).Fill(forest.Offsets[output]);
        }

        foreach (ref readonly var run in forest.Runs.AsSpan())
        {
            sums.Clear();
            for (var tree = run.First; tree < run.End; tree += GroupSize)
            {
                AddGroup(model, planes, sets, tree, Math.Min(GroupSize, run.End - tree));
            }

            sums.AddTo(scores + (run.Output * BitSlicedForest.BatchSize), run.Unit);
        }
    }

    void AddGroup(in Model model, byte* planes, byte* sets, int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            FindLeaves(model, model.Trees + first + i, planes, sets, codes.Pointer + (i * CodeRegisters * TSet.Bytes));
        }

        for (var digit = 0; digit < forest.Digits; digit++)
        {
            var table = model.Tables + (((first * forest.Digits) + digit) << TSet.CodeBits);
            if (count == GroupSize)
            {
                AddFour(table, forest.Digits << TSet.CodeBits, codes.Pointer, sums.ForDigit(digit));
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                AddOne(table + (i * forest.Digits << TSet.CodeBits), codes.Pointer + (i * CodeRegisters * TSet.Bytes),
                    sums.ForDigit(digit));
            }
        }
    }

    /// <summary>Leaves at <paramref name="codes"/> which leaf each flow reached.</summary>
    static void FindLeaves(in Model model, SmallTree* tree, byte* planes, byte* sets, byte* codes)
    {
        CodePlanes<TSet> code = default;
        var branch = model.Branches + tree->FirstBranch;
        var c0 = TSet.Load(sets + tree->Entry);
        TSet c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
        for (var end = branch + tree->Branches; branch < end; branch += TSet.CodeBits)
        {
            c0 ^= Split(branch, planes, sets);
            c1 ^= Split(branch + 1, planes, sets);
            c2 ^= Split(branch + 2, planes, sets);
            c3 ^= Split(branch + 3, planes, sets);
            c4 ^= Split(branch + 4, planes, sets);
            if (TSet.CodeBits > 5)
            {
                c5 ^= Split(branch + 5, planes, sets);
            }
        }

        var leaf = model.LeafBranches + tree->FirstLeafBranch;
        for (var end = leaf + tree->LeafBranches; leaf < end; leaf += TSet.CodeBits)
        {
            c0 ^= Right(leaf, planes, sets);
            c1 ^= Right(leaf + 1, planes, sets);
            c2 ^= Right(leaf + 2, planes, sets);
            c3 ^= Right(leaf + 3, planes, sets);
            c4 ^= Right(leaf + 4, planes, sets);
            if (TSet.CodeBits > 5)
            {
                c5 ^= Right(leaf + 5, planes, sets);
            }
        }

        (code.Bit0, code.Bit1, code.Bit2, code.Bit3, code.Bit4, code.Bit5) = (c0, c1, c2, c3, c4, c5);
        TSet.ToCodes(code, codes);
    }

    /// <returns>Those that go right.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSet Split(Branch* branch, byte* planes, byte* sets)
    {
        var source = TSet.Load(sets + branch->Source);
        var plane = TSet.Load(planes + branch->Plane);
        var right = source & plane;
        TSet.Store(TSet.Except(source, plane), sets + branch->Left);
        TSet.Store(right, sets + branch->Right);
        return right;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TSet Right(LeafBranch* branch, byte* planes, byte* sets) =>
        TSet.Load(sets + branch->Source) & TSet.Load(planes + branch->Plane);

    /// <summary>Looks up one digit of the leaf values of four trees and adds it.</summary>
    static void AddFour(byte* table, int stride, byte* codes, byte* sums)
    {
        var (table0, table1) = (TSet.LoadTable(table), TSet.LoadTable(table + stride));
        var (table2, table3) = (TSet.LoadTable(table + (2 * stride)), TSet.LoadTable(table + (3 * stride)));
        var tree = CodeRegisters * TSet.Bytes;
        for (var end = codes + tree; codes < end; codes += TSet.Bytes, sums += 2 * TSet.Bytes)
        {
            var (pairs, uppers) = (TSet.Load(sums), TSet.Load(sums + TSet.Bytes));
            TSet.AddBytes(ref pairs, ref uppers, TSet.Find(table0, TSet.Load(codes)));
            TSet.AddBytes(ref pairs, ref uppers, TSet.Find(table1, TSet.Load(codes + tree)));
            TSet.AddBytes(ref pairs, ref uppers, TSet.Find(table2, TSet.Load(codes + (2 * tree))));
            TSet.AddBytes(ref pairs, ref uppers, TSet.Find(table3, TSet.Load(codes + (3 * tree))));
            TSet.Store(pairs, sums);
            TSet.Store(uppers, sums + TSet.Bytes);
        }
    }

    static void AddOne(byte* table, byte* codes, byte* sums)
    {
        var digits = TSet.LoadTable(table);
        for (var end = codes + (CodeRegisters * TSet.Bytes); codes < end; codes += TSet.Bytes, sums += 2 * TSet.Bytes)
        {
            var (pairs, uppers) = (TSet.Load(sums), TSet.Load(sums + TSet.Bytes));
            TSet.AddBytes(ref pairs, ref uppers, TSet.Find(digits, TSet.Load(codes)));
            TSet.Store(pairs, sums);
            TSet.Store(uppers, sums + TSet.Bytes);
        }
    }

    /// <summary>Represents the compiled forest's arrays while they are pinned.</summary>
    readonly struct Model(SmallTree* trees, Branch* branches, LeafBranch* leafBranches, byte* tables)
    {
        public readonly SmallTree* Trees = trees;
        public readonly Branch* Branches = branches;
        public readonly LeafBranch* LeafBranches = leafBranches;
        public readonly byte* Tables = tables;
    }
}
