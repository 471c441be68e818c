namespace ServeFlow.Models.BitSliced;

/// <summary>
/// A forest compiled for evaluation on bit planes: plane p holds the answer to <see cref="Predicates"/>[p] for each
/// of up to <see cref="BatchSize"/> flows, one bit a flow. A branch splits the set of flows that reach it with one
/// AND and one AND-NOT; which leaf each flow reached is read off planes of code bits; leaf values are added as
/// fixed-point digits of a byte. Immutable; shared by all workers.
/// </summary>
public sealed class BitSlicedForest
{
    /// <summary>Specifies the number of flows in a batch: one 512-bit register, two of 256, four of 128.</summary>
    public const int BatchSize = 512;

    public const int PlaneBytes = BatchSize / 8;

    internal BitSlicedForest()
    {
    }

    /// <summary>Gets the engine that it is compiled for: codes have one bit more for AVX-512.</summary>
    public ScoringEngine Engine { get; internal init; }

    /// <summary>Gets the questions in the order of their planes.</summary>
    public IReadOnlyList<Predicate> Predicates { get; internal init; } = [];

    public int Classes { get; internal init; }

    /// <summary>Largest error of a probability, by what leaf values and floats are rounded to.</summary>
    public double ErrorBound { get; internal init; }

    /// <summary>Gets the number of bytes of the arrays that scoring reads.</summary>
    public unsafe long MemoryBytes => ((long)Branches.Length * sizeof(Branch))
        + ((long)LeafBranches.Length * sizeof(LeafBranch)) + ((long)Trees.Length * sizeof(SmallTree))
        + ((long)Runs.Length * sizeof(TreeRun)) + Tables.Length + ((long)LeafRows.Length * sizeof(float))
        + ((long)Predicates.Count * sizeof(Predicate));

    internal ScoreTransform Transform { get; init; }

    internal double SigmoidScale { get; init; }

    internal int Outputs { get; init; }

    /// <summary>Small trees; those of one output lie together.</summary>
    internal SmallTree[] Trees { get; init; } = [];

    /// <summary>Gets the trees in the order of their outputs, those of similar leaf values together.</summary>
    internal TreeRun[] Runs { get; init; } = [];

    internal Branch[] Branches { get; init; } = [];

    internal LeafBranch[] LeafBranches { get; init; } = [];

    /// <summary>Gets the number of bytes of a fixed-point leaf value.</summary>
    internal int Digits { get; init; }

    /// <summary>[tree][digit][code]: leaf values less the tree's least one, least significant digit first.</summary>
    internal byte[] Tables { get; init; } = [];

    /// <summary>Per output: the trees' least leaf values together.</summary>
    internal double[] Offsets { get; init; } = [];

    /// <summary>Gets [leaf × classes] probabilities where the whole forest is one tree for all classes, whose only
    /// output is the number of the leaf; else empty.</summary>
    public ReadOnlyMemory<float> Answers => LeafRows;

    /// <inheritdoc cref="Answers"/>
    internal float[] LeafRows { get; init; } = [];

    internal static int CodeBits(ScoringEngine engine) => engine == ScoringEngine.Avx512 ? 6 : 5;
}

/// <summary>Represents a tree of fewer leaves than there are codes, or such a part of a larger one.</summary>
/// <param name="FirstBranch">Place of its first branch that passes flows on, parents before children.</param>
/// <param name="Branches">How many; a multiple of the bits of a code, the k-th of a round flipping bit k.</param>
/// <param name="FirstLeafBranch">Place of its first branch of two leaves.</param>
/// <param name="LeafBranches">How many; a multiple of the bits of a code as well.</param>
/// <param name="Entry">Slot of the flows whose first leaf has code 1: those that enter a part. In a whole tree it has
/// code 0, and this is no flow.</param>
readonly record struct SmallTree(int FirstBranch, int Branches, int FirstLeafBranch, int LeafBranches, int Entry);

/// <summary>Trees of one output whose leaf values are multiples of one unit, so few that 32 bits hold their sum.
/// </summary>
readonly record struct TreeRun(int Output, int First, int End, double Unit)
{
    /// <summary>Limits the trees of a run: as many values of 24 bits fit 31, and whole groups of four trees.</summary>
    public const int MaxTrees = 124;
}

/// <summary>Describes one branch: a plane splits the flows of one slot. All offsets are in bytes.</summary>
/// <param name="Plane">Offset of the plane.</param>
/// <param name="Source">Slot of the flows that reach the branch.</param>
/// <param name="Left">Slot that receives those that go left.</param>
/// <param name="Right">Slot that receives those that go right.</param>
readonly record struct Branch(int Plane, ushort Source, ushort Left, ushort Right);

/// <summary>Represents a branch of two leaves: only the code of those that go right changes.</summary>
readonly record struct LeafBranch(int Plane, int Source);
