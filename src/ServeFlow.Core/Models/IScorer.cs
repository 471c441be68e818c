namespace ServeFlow.Models;

/// <summary>A model ready to score. Not thread-safe: each worker has its own.</summary>
public interface IScorer
{
    int Classes { get; }

    /// <summary>The feature columns it reads, ascending; a row holds exactly these.</summary>
    ReadOnlyMemory<int> Columns { get; }

    /// <summary>Scores a batch.</summary>
    /// <param name="rows">[count × Columns.Length], row-major.</param>
    /// <param name="probabilities">[count × Classes], row-major; each row sums to 1.</param>
    void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities);
}
