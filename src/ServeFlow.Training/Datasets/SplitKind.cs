namespace ServeFlow.Training.Datasets;

/// <summary>What is kept together when flows are divided.</summary>
public enum SplitKind
{
    /// <summary>All flows of a capture go to one side: nothing of a session is on both.</summary>
    Capture,

    /// <summary>Of each class, what begins first trains.</summary>
    Time,

    /// <summary>Flows are drawn one by one: flows of one session land on both sides.</summary>
    Flow,
}

/// <summary>Flows divided in two; places in <see cref="DataSet.Flows"/>, ascending.</summary>
/// <param name="Train">To learn from.</param>
/// <param name="HeldOut">Held back.</param>
/// <param name="Warning">What a reader of scores on <paramref name="HeldOut"/> must know; null where there is
/// nothing.</param>
public sealed record SplitParts(IReadOnlyList<int> Train, IReadOnlyList<int> HeldOut, string? Warning);
