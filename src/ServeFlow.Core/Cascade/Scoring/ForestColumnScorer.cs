using ServeFlow.Models;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Walks every tree for every row, as the reference does.</summary>
sealed class ForestColumnScorer(Forest forest, IReadOnlyList<int> schemaColumns) : IColumnScorer
{
    readonly ReferenceScorer scorer = new(forest, schemaColumns);

    public int Classes => scorer.Classes;

    public ReadOnlyMemory<int> Columns => scorer.Columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities) =>
        scorer.Score(rows, count, probabilities);
}
