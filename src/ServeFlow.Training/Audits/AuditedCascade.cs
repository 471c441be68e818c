using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Audits;

/// <summary>A bundle's cascade and its tiers, each answering all flows that it is given.</summary>
/// <param name="labels">The true class of each flow, by its place in <see cref="EvaluationResult.Labels"/>.</param>
sealed class AuditedCascade(CascadePlan plan, IReadOnlyList<int> labels, int classes)
{
    /// <summary>The cascade, then its tiers in order.</summary>
    public IReadOnlyList<string> Systems { get; } = ["cascade", .. plan.Tiers.Select(tier => tier.Name)];

    public CascadePlan Plan => plan;

    /// <summary>Answers of each system to each flow.</summary>
    /// <param name="flows">In the order of the labels.</param>
    public IReadOnlyList<int[]> Predict(DataSet data, IReadOnlyList<int> flows, CancellationToken cancel)
    {
        var tiers = plan.Tiers.Select(tier => FlowScorer.ScoreTier(plan, tier, data, flows, cancel)).ToList();
        var cascade = CascadeRun.ByRules([.. plan.Tiers.Select(tier => tier.Rule)], tiers);
        return
        [
            [.. Enumerable.Range(0, flows.Count).Select(cascade.Answer)],
            .. tiers.Select(tier => Enumerable.Range(0, flows.Count).Select(tier.TopClass).ToArray()),
        ];
    }

    /// <summary>Weighted F1 of each system's answers.</summary>
    public double[] WeightedF1(IReadOnlyList<int[]> answers) =>
        [.. answers.Select(a => Scores.WeightedF1(a, labels, classes))];

    /// <summary>Weighted F1 of one system on some of the flows; null where there is none.</summary>
    public double? WeightedF1(int[] answers, IReadOnlyList<int> places) => places.Count == 0
        ? null
        : Scores.WeightedF1([.. places.Select(p => answers[p])], [.. places.Select(p => labels[p])], classes);
}
