using ServeFlow.Features;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores flows by the headers of their first packets, a batch at a time: features and model in one. Owned by one
/// worker; allocates nothing after its construction.
/// </summary>
public interface IBatchScorer
{
    /// <summary>Limits the flows of a batch.</summary>
    const int Capacity = PlaneExtractor.BatchSize;

    int Classes { get; }

    /// <summary>Announces how many flows the next batch has, before the first of them is gathered: few are scored in
    /// another way than many, with the same probabilities. A batch that is not announced may have any number.</summary>
    /// <param name="flows">The flows that will be gathered.</param>
    void Begin(int flows)
    {
    }

    /// <summary>Gathers one flow.</summary>
    /// <param name="place">Its place in the batch, from 0, below <see cref="Capacity"/>.</param>
    /// <param name="packets">Its packets so far; those beyond the model's depth are not looked at.</param>
    void Add(int place, ReadOnlySpan<HeaderRecord> packets);

    /// <summary>Scores the flows at the first <paramref name="count"/> places.</summary>
    /// <param name="probabilities">[count × Classes], row-major; each row sums to 1.</param>
    void Score(int count, Span<float> probabilities);
}
