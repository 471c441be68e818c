using ServeFlow.Features;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Transposes headers, or rows of answers, into bit planes and evaluates all flows of a batch at once.
/// </summary>
sealed class BitSlicedBatchScorer(BitSlicedForest forest, PlaneExtractor planes) : IAnswerScorer, IRowScorer
{
    readonly BitSlicedScorer scorer = new(forest);

    public int Classes => forest.Classes;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => planes.Add(place, packets);

    public void Add(int place, ReadOnlySpan<ulong> row) => planes.Add(place, row);

    public ReadOnlySpan<float> Answers => forest.Answers.Span;

    public void FindAnswers(int count, Span<ushort> answers)
    {
        planes.Finish();
        scorer.FindLeaves(planes.Planes, count, answers);
    }

    public void Score(int count, Span<float> probabilities)
    {
        planes.Finish();
        scorer.Score(planes.Planes, count, probabilities);
    }
}
