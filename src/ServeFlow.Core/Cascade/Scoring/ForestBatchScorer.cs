using ServeFlow.Features;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores batches of few flows flow by flow, and all others on bit planes. Both give the same probabilities in every
/// bit, so that a record does not depend on what else stood in its flow's batch.
/// </summary>
sealed class ForestBatchScorer : IAnswerScorer
{
    readonly BitSlicedBatchScorer large;
    readonly SmallBatchScorer small;
    readonly FlowAnswers answers;
    readonly int smallFlows;
    bool isSmall;

    /// <param name="large">Scores the batches that are not small.</param>
    /// <param name="forest">The same model, compiled for small batches.</param>
    /// <param name="layout">How the forest's predicates are answered.</param>
    /// <param name="smallFlows">The most flows of a small batch.</param>
    public ForestBatchScorer(BitSlicedBatchScorer large, SmallBatchForest forest, FeatureSchema schema,
        AnswerLayout layout, int smallFlows)
    {
        (this.large, this.smallFlows) = (large, smallFlows);
        small = new(forest, smallFlows);
        answers = new(schema, layout);
    }

    public int Classes => large.Classes;

    public ReadOnlySpan<float> Answers => large.Answers;

    public void Begin(int flows) => isSmall = flows <= smallFlows;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        if (isSmall)
        {
            answers.Read(packets, small.Answers(place));
        }
        else
        {
            large.Add(place, packets);
        }
    }

    public void FindAnswers(int count, Span<ushort> reached)
    {
        if (isSmall)
        {
            small.FindLeaves(count, reached);
        }
        else
        {
            large.FindAnswers(count, reached);
        }

        isSmall = false;
    }

    public void Score(int count, Span<float> probabilities)
    {
        if (isSmall)
        {
            small.Score(count, probabilities);
        }
        else
        {
            large.Score(count, probabilities);
        }

        isSmall = false;
    }
}
