using System.Text.Json.Serialization;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>Scores the cascade's answers for one class.</summary>
/// <param name="Number">The class's index among the labels of the evaluation.</param>
/// <param name="Flows">The number of flows of the class.</param>
/// <param name="Captures">The number of captures that they are of, or of groups where the labels name any.</param>
/// <param name="Interval">Null where the flows are of fewer than two captures: one says nothing of others.</param>
public sealed record ClassScore([property: JsonIgnore] int Number, string Label, int Flows, int Captures,
    double Precision, double Recall, double F1, ClassIntervals? Interval)
{
    /// <summary>Scores the classes that have flows or are answered.</summary>
    internal static IReadOnlyList<ClassScore> List(ConfusionMatrix matrix, FlowSample flows, ClassDraws draws)
    {
        var captures = flows.Labels.Zip(flows.Groups).Distinct().CountBy(pair => pair.First).ToDictionary();
        return
        [
            .. Enumerable.Range(0, matrix.Classes).Where(c => matrix.Support(c) + matrix.Predicted(c) > 0)
                .Select(c => Score(c, captures.GetValueOrDefault(c))),
        ];

        ClassScore Score(int c, int captures) => new(c, flows.Classes[c], matrix.Support(c), captures,
            matrix.Precision(c), matrix.Recall(c), matrix.F1(c),
            captures > 1 ? ClassIntervals.From(draws, c) : null);
    }
}

/// <summary>Holds the intervals of a class's figures; null where no draw of captures has any.</summary>
public sealed record ClassIntervals(Interval? Precision, Interval? Recall, Interval? F1)
{
    internal static ClassIntervals From(ClassDraws draws, int label) => new(draws.Precision(label),
        draws.Recall(label), draws.F1(label));
}
