using ServeFlow.Features;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores batches of few flows flow by flow, and all others on bit planes, once the model is compiled for those. Both
/// give the same probabilities in every bit, so that a record does not depend on what else stood in its flow's batch,
/// nor on when the model was compiled.
/// </summary>
sealed class ForestBatchScorer : IAnswerScorer
{
    readonly LargeBatches planes;
    readonly FeatureSchema schema;
    readonly SmallBatchScorer small;
    readonly FlowAnswers answers;
    readonly int smallFlows;

    /// <summary>Null until the model is compiled for it.</summary>
    BitSlicedBatchScorer? large;
    bool isSmall;

    /// <param name="planes">Scores the batches that are not small.</param>
    /// <param name="forest">The same model, compiled for small batches.</param>
    /// <param name="layout">How the forest's predicates are answered.</param>
    /// <param name="smallFlows">The most flows of a small batch.</param>
    public ForestBatchScorer(LargeBatches planes, SmallBatchForest forest, FeatureSchema schema, AnswerLayout layout,
        int smallFlows)
    {
        (this.planes, this.schema, this.smallFlows, Classes) = (planes, schema, smallFlows, forest.Classes);
        large = planes.IsCompiled ? planes.CreateScorer(schema) : null;
        isSmall = large is null;
        small = new(forest, large is null ? IBatchScorer.Capacity : smallFlows);
        answers = new(schema, layout);
    }

    public int Classes { get; }

    public ReadOnlySpan<float> Answers => large is null ? [] : large.Answers;

    public void Begin(int flows) => isSmall = flows <= smallFlows || large is null;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        if (isSmall)
        {
            answers.Read(packets, small.Answers(place));
        }
        else
        {
            large!.Add(place, packets);
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
            large!.FindAnswers(count, reached);
        }

        isSmall = large is null && !TakeLarge(count);
    }

    public void Score(int count, Span<float> probabilities)
    {
        if (isSmall)
        {
            small.Score(count, probabilities);
        }
        else
        {
            large!.Score(count, probabilities);
        }

        isSmall = large is null && !TakeLarge(count);
    }

    /// <summary>Scores large batches on bit planes from now on, if the model has been compiled for them.</summary>
    /// <param name="flows">The flows of the latest batch.</param>
    bool TakeLarge(int flows)
    {
        if (flows <= smallFlows || !planes.IsCompiledAfter(flows))
        {
            return false;
        }

        large = planes.CreateScorer(schema);
        return true;
    }
}
