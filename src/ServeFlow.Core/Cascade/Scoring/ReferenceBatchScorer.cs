using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Extracts each flow's columns and walks every tree: slow and obvious, for any model.</summary>
sealed class ReferenceBatchScorer : IBatchScorer
{
    readonly FeatureSchema schema;
    readonly ReferenceScorer scorer;
    readonly int[] columns;
    readonly float[] rows;

    public ReferenceBatchScorer(FeatureSchema schema, Forest forest, IReadOnlyList<int> schemaColumns)
    {
        this.schema = schema;
        scorer = new(forest, schemaColumns);
        columns = scorer.Columns.ToArray();
        rows = new float[IBatchScorer.Capacity * columns.Length];
    }

    public int Classes => scorer.Classes;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) =>
        schema.Extract(packets, columns, rows.AsSpan(place * columns.Length, columns.Length));

    public void Score(int count, Span<float> probabilities) => scorer.Score(rows, count, probabilities);
}
