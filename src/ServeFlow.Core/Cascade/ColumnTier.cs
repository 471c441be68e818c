using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade;

/// <summary>
/// The last tier of a plan as it answers rows of a feature matrix: the columns are those that <c>features</c> writes
/// for its packets, feature set and mask. Probabilities are calibrated, as those of records are. Whether a flow is of
/// no known class is not asked: that takes its headers. Not thread-safe.
/// </summary>
public sealed class ColumnTier
{
    readonly TierPlan tier;
    readonly IColumnScorer scorer;

    ColumnTier(CascadePlan plan, IColumnScorer scorer)
    {
        (tier, this.scorer) = (plan.Tiers[^1], scorer);
        Labels = plan.Labels;
    }

    /// <summary>Gets the class names, in the order of probabilities.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Gets the columns that it reads, ascending.</summary>
    public ReadOnlySpan<int> Columns => scorer.Columns.Span;

    /// <summary>Creates it; gives null where the tier's model cannot score rows.</summary>
    public static ColumnTier? Create(CascadePlan plan) =>
        plan.Tiers[^1].Compiled.CreateColumnScorer() is { } scorer ? new(plan, scorer) : null;

    /// <summary>Computes how many columns a row of the whole matrix has.</summary>
    public static int CountColumns(CascadePlan plan) => plan.Tiers[^1].PacketDepth * plan.Schema.ColumnsPerPacket;

    /// <summary>Scores rows.</summary>
    /// <param name="rows">[count × Columns.Length], row-major: the columns that are read, and no others.</param>
    /// <param name="probabilities">Receives [count × Labels.Count], row-major.</param>
    /// <param name="labels">Receives each row's most probable class.</param>
    /// <param name="scores">Receives what the model itself gives, before it is calibrated, [count × Labels.Count],
    /// row-major; or nothing.</param>
    public void Predict(ReadOnlySpan<float> rows, int count, Span<float> probabilities, Span<int> labels,
        Span<float> scores = default)
    {
        scorer.Score(rows, count, probabilities);
        if (!scores.IsEmpty)
        {
            probabilities[..(count * Labels.Count)].CopyTo(scores);
        }

        for (var row = 0; row < count; row++)
        {
            labels[row] = tier.Decide(probabilities.Slice(row * Labels.Count, Labels.Count)).LabelId;
        }
    }
}
