namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores with a model whose answers may be few and known in advance, as those of a decision tree are: each of its
/// leaves is one. What is made of an answer need then be worked out once, and not for every flow.
/// </summary>
public interface IAnswerScorer : IBatchScorer
{
    /// <summary>Gets the probabilities of every answer: [answers × Classes], row-major. Empty where each flow may have
    /// an answer of its own.</summary>
    ReadOnlySpan<float> Answers { get; }

    /// <summary>Finds the answers for the flows at the first <paramref name="count"/> places, where answers are
    /// known.</summary>
    /// <param name="answers">Receives the number of each flow's answer.</param>
    void FindAnswers(int count, Span<ushort> answers);
}
