using ServeFlow.Features;
using ServeFlow.Models.SmallBatches;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Scores batches of few flows flow by flow, and all others on bit planes, once the model is compiled for those. Both
/// give the same probabilities in every bit, so that a record does not depend on what else stood in its flow's batch,
/// nor on when the model was compiled.
/// </summary>
sealed class ForestBatchScorer : IAnswerScorer, IRowScorer
{
    readonly LargeBatches planes;
    readonly FeatureSchema schema;
    readonly SmallBatchScorer small;
    readonly int smallFlows;

    /// <summary>Answer tests from headers, or from rows: one of the two is null.</summary>
    readonly FlowAnswers? answers;
    readonly RowAnswers? rowAnswers;

    /// <summary>Null until the model is compiled for it.</summary>
    BitSlicedBatchScorer? large;
    bool isSmall;

    /// <param name="planes">Scores the batches that are not small.</param>
    /// <param name="forest">The same model, compiled for small batches.</param>
    /// <param name="smallFlows">The most flows of a small batch.</param>
    /// <param name="answers">Answers the forest's predicates from headers; null where rows are scored.</param>
    /// <param name="rowAnswers">Answers them from rows; null where headers are scored.</param>
    public ForestBatchScorer(LargeBatches planes, SmallBatchForest forest, int smallFlows, FeatureSchema schema,
        FlowAnswers? answers, RowAnswers? rowAnswers)
    {
        (this.planes, this.schema, this.answers, this.rowAnswers) = (planes, schema, answers, rowAnswers);
        (this.smallFlows, Classes) = (smallFlows, forest.Classes);
        large = planes.IsCompiled ? planes.CreateScorer(schema, rowAnswers?.Rows) : null;
        isSmall = large is null;
        small = new(forest, large is null ? IBatchScorer.Capacity : smallFlows);
    }

    public int Classes { get; }

    public ReadOnlySpan<float> Answers => large is null ? [] : large.Answers;

    public void Begin(int flows) => isSmall = flows <= smallFlows || large is null;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        if (isSmall)
        {
            answers!.Read(packets, small.Answers(place));
        }
        else
        {
            large!.Add(place, packets);
        }
    }

    public void Add(int place, ReadOnlySpan<ulong> row)
    {
        if (isSmall)
        {
            rowAnswers!.Read(row, small.Answers(place));
        }
        else
        {
            large!.Add(place, row);
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

        large = planes.CreateScorer(schema, rowAnswers?.Rows);
        return true;
    }
}
