namespace ServeFlow.Models.BitSliced;

/// <summary>
/// A forest compiled for evaluation on bit planes: plane p holds the answer to <see cref="Predicates"/>[p] for each
/// of up to <see cref="BatchSize"/> flows, one bit a flow. A branch splits the set of flows that reach it with one
/// AND and one AND-NOT; which leaf each flow reached is read off five planes; leaf values are added as digits of
/// <see cref="DigitBits"/> bits. Immutable; shared by all workers.
/// </summary>
public sealed class BitSlicedForest
{
    /// <summary>Flows in a batch: one 512-bit register, two of 256.</summary>
    public const int BatchSize = 512;

    public const int PlaneBytes = BatchSize / 8;

    /// <summary>Four digits of six bits add up to at most 252: they fit a byte before they must be widened.</summary>
    internal const int DigitBits = 6;

    /// <summary>Trees whose digits are added as bytes before widening.</summary>
    internal const int GroupSize = 4;

    internal BitSlicedForest()
    {
    }

    /// <summary>The questions in the order of their planes.</summary>
    public IReadOnlyList<Predicate> Predicates { get; internal init; } = [];

    public int Classes { get; internal init; }

    internal ScoreTransform Transform { get; init; }

    internal double SigmoidScale { get; init; }

    internal int Outputs { get; init; }

    /// <summary>Small trees, those of one output together; <see cref="OutputStarts"/> says where each begins.</summary>
    internal SmallTree[] Trees { get; init; } = [];

    /// <summary>[Outputs + 1] places in <see cref="Trees"/>.</summary>
    internal int[] OutputStarts { get; init; } = [];

    internal Branch[] Branches { get; init; } = [];

    /// <summary>Digits of a leaf value: four where 24 bits are exact enough, else five.</summary>
    internal int Digits { get; init; }

    /// <summary>[tree][digit][code]: leaf values less the tree's least one, least significant digit first.</summary>
    internal byte[] Tables { get; init; } = [];

    /// <summary>Per output: what a sum of fixed-point leaf values is multiplied by.</summary>
    internal double[] Scales { get; init; } = [];

    /// <summary>Per output: the trees' least leaf values together.</summary>
    internal double[] Offsets { get; init; } = [];
}

/// <summary>A tree of at most 32 leaves, or such a part of a larger one.</summary>
/// <param name="FirstBranch">Place of its first branch; the inner ones come first, parents before children.</param>
/// <param name="InnerBranches">How many branches pass flows on to further branches.</param>
/// <param name="OuterBranches">How many have two leaves.</param>
/// <param name="EntrySlot">Offset of the slot of the flows that enter it; slot 0 is every flow.</param>
/// <param name="EntryCode">Code of its first leaf: not 0 where only some flows enter.</param>
readonly record struct SmallTree(int FirstBranch, int InnerBranches, int OuterBranches, int EntrySlot, int EntryCode);

/// <summary>One branch: the flows of one slot split by a plane. All offsets are in bytes.</summary>
/// <param name="Plane">Offset of the plane.</param>
/// <param name="Source">Slot of the flows that reach the branch.</param>
/// <param name="Left">Slot that receives those that go left.</param>
/// <param name="Right">Slot that receives those that go right.</param>
/// <param name="CodeBit">Offset of the code plane that the right turn flips.</param>
/// <param name="MoreCodeBits">Further code bits that it flips, as a mask; seldom any.</param>
readonly record struct Branch(int Plane, ushort Source, ushort Left, ushort Right, ushort CodeBit, int MoreCodeBits);
