namespace ServeFlow.Training.Datasets;

/// <summary>Names what is kept together when flows are divided.</summary>
public enum SplitKind
{
    /// <summary>All flows of a capture go to one side: nothing of a session is on both.</summary>
    Capture,

    /// <summary>The flows of each class that begin first train.</summary>
    Time,

    /// <summary>Flows are drawn one by one: flows of one session land on both sides.</summary>
    Flow,
}

/// <summary>Flows divided in two, each part in the order of the data set.</summary>
/// <param name="Train">The flows to learn from.</param>
/// <param name="HeldOut">Held back.</param>
/// <param name="Warning">What a reader of scores on <paramref name="HeldOut"/> must know; null where there is
/// nothing.</param>
public sealed record SplitParts(FlowSample Train, FlowSample HeldOut, string? Warning)
{
    /// <summary>Finds the fold that each flow is held back in.</summary>
    /// <param name="folds">The folds; each flow is held out by one of them.</param>
    /// <returns>[position in <paramref name="flows"/>]: the number of the fold.</returns>
    /// <exception cref="KeyNotFoundException">A flow is held back in no fold.</exception>
    public static int[] FoldOf(IReadOnlyList<SplitParts> folds, FlowSample flows)
    {
        var foldOf = new Dictionary<int, int>();
        foreach (var (number, fold) in folds.Index())
        {
            for (var position = 0; position < fold.HeldOut.Count; position++)
            {
                foldOf.Add(fold.HeldOut.FlowIndex(position), number);
            }
        }

        return [.. Enumerable.Range(0, flows.Count).Select(position => foldOf[flows.FlowIndex(position)])];
    }
}
