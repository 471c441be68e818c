using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Sinks;

/// <summary>
/// Chooses the records of an output by what they tell, by label and by confidence. Immutable, so that a running output
/// may be given another one.
/// </summary>
public sealed class RecordChoice
{
    /// <summary>By label id, then for unknown; null where every label is chosen.</summary>
    readonly bool[]? labels;

    readonly float leastConfidence;
    readonly bool hasPredictions;
    readonly bool hasEnds;

    RecordChoice(bool[]? labels, float leastConfidence, bool hasPredictions, bool hasEnds)
    {
        this.labels = labels;
        this.leastConfidence = leastConfidence;
        this.hasPredictions = hasPredictions;
        this.hasEnds = hasEnds;
    }

    /// <summary>Compiles what an output is to have.</summary>
    /// <param name="labels">Names of labels, <c>unknown</c> too where the plan answers it; empty for all.</param>
    /// <param name="leastConfidence">From 0, which chooses all, to 1.</param>
    /// <param name="hasPredictions">Whether decisions are records.</param>
    /// <param name="hasEnds">Whether ends of flows are records.</param>
    /// <exception cref="InputException">The plan has no such label.</exception>
    public static RecordChoice Compile(IReadOnlyList<string> labels, double leastConfidence, bool hasPredictions,
        bool hasEnds, CascadePlan plan)
    {
        if (labels.Count == 0)
        {
            return new(null, (float)leastConfidence, hasPredictions, hasEnds);
        }

        IReadOnlyList<string> names = plan.AnswersUnknown ? [.. plan.Labels, Classification.UnknownLabel] : plan.Labels;
        if (labels.FirstOrDefault(label => !names.Contains(label)) is { } missing)
        {
            throw new InputException($"the bundle has no label '{InputException.Quote(missing)}'; it has "
                + $"{string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}");
        }

        var chosen = new bool[plan.Labels.Count + 1];
        for (var i = 0; i < names.Count; i++)
        {
            chosen[i] = labels.Contains(names[i]);
        }

        return new(chosen, (float)leastConfidence, hasPredictions, hasEnds);
    }

    /// <summary>Determines whether what the record tells is wanted: a decision, or a flow's end.</summary>
    public bool HasEvent(in FlowRecord record) => record.Kind == RecordKind.Prediction ? hasPredictions : hasEnds;

    public bool HasLabel(in FlowRecord record) => labels is null
        || labels[record.Classification.IsUnknown ? labels.Length - 1 : record.Classification.LabelId];

    public bool IsSureEnough(in FlowRecord record) => record.Classification.Confidence >= leastConfidence;
}
