namespace ServeFlow.Models.BitSliced;

/// <summary>Hands out the slots that hold sets of flows between branches, as offsets in bytes.</summary>
sealed class SlotPool
{
    /// <summary>Specifies the slot of every flow of the batch: read only.</summary>
    public const int EveryFlow = 0;

    /// <summary>Specifies the slot of no flow: read only.</summary>
    public const int NoFlow = BitSlicedForest.PlaneBytes;

    /// <summary>Locates the slot for sets that nobody reads.</summary>
    public const int Nowhere = 2 * BitSlicedForest.PlaneBytes;

    /// <summary>A small tree holds one for each inner branch, parts that wait for their turn one each.</summary>
    public const int Bytes = 1 << 16;

    readonly Stack<int> free = new();
    int used = 3 * BitSlicedForest.PlaneBytes;

    /// <exception cref="InputException">The tree is so large that its parts need more slots than there are.</exception>
    public int Rent()
    {
        if (free.TryPop(out var slot))
        {
            return slot;
        }

        if (used == Bytes)
        {
            throw new InputException("a tree of the model has too many leaves to be served; train it with fewer");
        }

        used += BitSlicedForest.PlaneBytes;
        return used - BitSlicedForest.PlaneBytes;
    }

    public void Return(int slot) => free.Push(slot);
}
