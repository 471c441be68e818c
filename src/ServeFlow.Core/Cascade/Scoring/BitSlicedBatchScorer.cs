using ServeFlow.Features;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Transposes headers into bit planes and evaluates all flows of a batch at once.</summary>
sealed class BitSlicedBatchScorer(FeatureSchema schema, BitSlicedForest forest, IReadOnlyList<PlaneTest> tests)
    : IAnswerScorer
{
    readonly PlaneExtractor planes = new(schema, tests);
    readonly BitSlicedScorer scorer = new(forest);

    public int Classes => forest.Classes;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets) => planes.Add(place, packets);

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
