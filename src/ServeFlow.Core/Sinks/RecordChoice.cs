using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Sinks;

/// <summary>
/// Chooses the records of an output by what they tell, by label and by confidence. Immutable, so that a running output
/// may be given another one.
/// </summary>
public sealed class RecordChoice
{
    /// <summary>
    /// Holds, by plan, the choice by label id and then for unknown; null where every label is chosen.
    /// </summary>
    readonly ByPlan<bool[]>? labels;

    readonly float minConfidence;
    readonly bool hasPredictions;
    readonly bool hasEnds;

    RecordChoice(ByPlan<bool[]>? labels, float minConfidence, bool hasPredictions, bool hasEnds)
    {
        this.labels = labels;
        this.minConfidence = minConfidence;
        this.hasPredictions = hasPredictions;
        this.hasEnds = hasEnds;
    }

    /// <summary>Compiles what an output is to have.</summary>
    /// <param name="labels">Names of labels, <c>unknown</c> too where the plan answers it; empty for all.</param>
    /// <param name="minConfidence">The confidence from which on a record is chosen: from 0, which chooses all, to
    /// 1.</param>
    /// <param name="hasPredictions">Whether decisions are records.</param>
    /// <param name="hasEnds">Whether ends of flows are records.</param>
    /// <param name="plan">The plan that answers first.</param>
    /// <param name="plans">Those that answer later: of these, labels that one does not have are left out.</param>
    /// <exception cref="InputException">The plan has no such label.</exception>
    public static RecordChoice Compile(IReadOnlyList<string> labels, double minConfidence, bool hasPredictions,
        bool hasEnds, CascadePlan plan, ServedPlans? plans = null)
    {
        if (labels.Count == 0)
        {
            return new(null, (float)minConfidence, hasPredictions, hasEnds);
        }

        var names = Names(plan);
        if (labels.FirstOrDefault(label => !names.Contains(label)) is { } missing)
        {
            throw new InputException($"the bundle has no label '{InputException.Quote(missing)}'; it has "
                + $"{string.Join(", ", names.Take(20))}{(names.Count > 20 ? ", …" : "")}");
        }

        return new(new(plan, plans, one => Choose(labels, one)), (float)minConfidence, hasPredictions, hasEnds);
    }

    /// <summary>Determines whether what the record tells is wanted: a decision, or a flow's end.</summary>
    public bool HasEvent(in FlowRecord record) => record.Kind == RecordKind.Prediction ? hasPredictions : hasEnds;

    public bool HasLabel(in FlowRecord record) => labels is null || (labels[record.Model] is var chosen
        && chosen[record.Classification.IsUnknown ? chosen.Length - 1 : record.Classification.LabelId]);

    public bool IsSureEnough(in FlowRecord record) => record.Classification.Confidence >= minConfidence;

    static IReadOnlyList<string> Names(CascadePlan plan) =>
        plan.AnswersUnknown ? [.. plan.Labels, Classification.UnknownLabel] : plan.Labels;

    static bool[] Choose(IReadOnlyList<string> labels, CascadePlan plan)
    {
        var names = Names(plan);
        var chosen = new bool[plan.Labels.Count + 1];
        for (var i = 0; i < names.Count; i++)
        {
            chosen[i] = labels.Contains(names[i]);
        }

        return chosen;
    }
}
