namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores rows of a feature matrix, for callers that have columns and no headers. Not thread-safe.
/// </summary>
public interface IColumnScorer
{
    int Classes { get; }

    /// <summary>Gets the schema's columns that it reads, ascending; a row holds exactly these.</summary>
    ReadOnlyMemory<int> Columns { get; }

    /// <summary>Scores a batch.</summary>
    /// <param name="rows">[count × Columns.Length], row-major.</param>
    /// <param name="probabilities">[count × Classes], row-major; each row sums to 1.</param>
    void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities);
}
