using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Audits;

/// <summary>Represents a bundle's cascade and its tiers, each answering all flows that it is given.</summary>
/// <param name="flows">The flows, under the classes of <see cref="EvaluationResult.Labels"/>.</param>
sealed class AuditedCascade(CascadePlan plan, FlowSample flows)
{
    /// <summary>Gets the names of the cascade, then of its tiers in order.</summary>
    public IReadOnlyList<string> Systems { get; } = ["cascade", .. plan.Tiers.Select(tier => tier.Name)];

    public CascadePlan Plan => plan;

    /// <summary>Computes the answers of each system to each flow, as it is served; <see
    /// cref="ConfusionMatrix.Unanswered"/> where it names no class.</summary>
    public IReadOnlyList<int[]> Predict(CancellationToken cancel) => Predict(flows, cancel);

    /// <summary>Computes the answers of each system to each flow, as other headers show it.</summary>
    /// <param name="seen">The same flows, position by position.</param>
    public IReadOnlyList<int[]> Predict(FlowSample seen, CancellationToken cancel)
    {
        var run = ServedAnswers.Compute(plan, seen, cancel);
        return [Answers(run.Answered), .. plan.Tiers.Select((_, tier) => Answers(run.Alone(tier)))];

        int[] Answers(CascadeRun given) => [.. Enumerable.Range(0, seen.Count).Select(given.Answer)];
    }

    /// <summary>Computes the weighted F1 of each system's answers.</summary>
    public double[] WeightedF1(IReadOnlyList<int[]> answers) =>
        [.. answers.Select(a => Scores.WeightedF1(a, flows))];

    /// <summary>Computes the weighted F1 of one system on some of the flows; null where there is none.</summary>
    public double? WeightedF1(int[] answers, int[] positions) => positions.Length == 0
        ? null
        : Scores.WeightedF1([.. positions.Select(position => answers[position])], flows.Subset(positions));
}
