using System.Text.Json.Serialization;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Scores the votes of windows: each flow, or each capture, gets the label that most of its windows were answered with;
/// of several, the one that came first. Captures whose windows carry several labels have no vote.
/// </summary>
/// <param name="Unit"><c>flow</c> or <c>capture</c>.</param>
/// <param name="Count">Votes held.</param>
public sealed record UnitVote([property: JsonPropertyName("of")] string Unit, int Count, double WeightedF1,
    double Accuracy)
{
    /// <param name="flows">The windows that were answered.</param>
    internal static IReadOnlyList<UnitVote> Compute(FlowSample flows, CascadeRun run)
    {
        if (flows.Data.Unit.IsWholeFlow)
        {
            return [];
        }

        var first = flows.Data.FirstOfFlow();
        var units = Enumerable.Range(0, flows.Count).ToList();
        return
        [
            Compute("flow", units.GroupBy(unit => first[flows.FlowIndex(unit)]), run, flows),
            Compute("capture", units.GroupBy(unit => flows.Captures[unit]), run, flows),
        ];
    }

    public override string ToString() =>
        $"majority of a {Unit}'s windows: weighted F1 {WeightedF1:F4}, accuracy {Accuracy:F4} ({Count} {Unit}s)";

    static UnitVote Compute(string of, IEnumerable<IGrouping<int, int>> groups, CascadeRun run, FlowSample flows)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        foreach (var units in groups.Where(units => units.Select(unit => flows.Labels[unit]).Distinct().Count() == 1))
        {
            // Stable: of labels with as many windows the first to come wins.
            var winner = units.GroupBy(run.Answer).OrderByDescending(votes => votes.Count()).First().Key;
            matrix.Add(flows.Labels[units.First()], winner);
        }

        return new(of, matrix.Total, matrix.WeightedF1, matrix.Accuracy);
    }
}
