namespace ServeFlow.Models.BitSliced;

/// <summary>Represents a node that can be evaluated: the flows that reach it are known.</summary>
/// <param name="Slot">Where they are.</param>
/// <param name="PassesOn">Whether a child of it is no leaf.</param>
readonly record struct Branching(int Node, Predicate Predicate, int Slot, bool PassesOn);

/// <summary>Represents the branches of all trees as they are written, and the planes that they ask for.</summary>
sealed class BranchLists
{
    /// <summary>Fills a round: no flow reaches it.</summary>
    public static readonly Branch NoBranch = new(0, SlotPool.NoFlow, SlotPool.Nowhere, SlotPool.Nowhere);

    /// <inheritdoc cref="NoBranch"/>
    public static readonly LeafBranch NoLeafBranch = new(0, SlotPool.NoFlow);

    readonly Dictionary<Predicate, int> planes = [];

    public List<Branch> Branches { get; } = [];

    public List<LeafBranch> LeafBranches { get; } = [];

    /// <summary>Gets the questions in the order of their planes.</summary>
    public IEnumerable<Predicate> Predicates => planes.Keys;

    public void Add(in Branching branching, int left, int right) =>
        Branches.Add(new(Plane(branching.Predicate), (ushort)branching.Slot, (ushort)left, (ushort)right));

    public void Add(in Branching branching) => LeafBranches.Add(new(Plane(branching.Predicate), branching.Slot));

    int Plane(Predicate predicate)
    {
        if (!planes.TryGetValue(predicate, out var plane))
        {
            planes.Add(predicate, plane = planes.Count);
        }

        return plane * BitSlicedForest.PlaneBytes;
    }
}
