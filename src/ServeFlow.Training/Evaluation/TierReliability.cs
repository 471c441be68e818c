using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Represents the same answers before and after a tier's calibration.</summary>
/// <param name="Before">The diagram of the model's own probabilities.</param>
/// <param name="After">The diagram of the probabilities that the tier decides and answers with.</param>
public sealed record CalibrationEffect(ReliabilityDiagram Before, ReliabilityDiagram After)
{
    /// <summary>Gets the number of flows that were answered.</summary>
    [JsonPropertyOrder(-1)]
    public int Flows => After.Flows;
}

/// <summary>Tells how far a tier's confidences can be trusted, on the evaluated flows.</summary>
/// <param name="Tier">Its name.</param>
/// <param name="All">On every flow, were the tier to answer it.</param>
/// <param name="Reaching">
/// On the flows that reach the tier, that is, that all tiers before it were unsure of. Calibration is fitted on such
/// flows alone, so it is here that it must be right.
/// </param>
public sealed record TierReliability(string Tier, CalibrationEffect All, CalibrationEffect Reaching)
{
    /// <param name="tier">The tier's plan.</param>
    /// <param name="predictions">Its model's, of every flow.</param>
    /// <param name="isAsked">Whether tiers are asked about a flow.</param>
    /// <param name="reaches">Whether such a flow reaches it.</param>
    /// <param name="flows">The flows; their classes may lie beyond those that the model knows.</param>
    internal static TierReliability Compute(TierPlan tier, Predictions predictions, Func<int, bool> isAsked,
        Func<int, bool> reaches, FlowSample flows, CaptureDraws captures)
    {
        var before = Answers(tier.Rule.Uncalibrated, predictions, flows);
        var after = Answers(tier.Rule, predictions, flows);
        return new(tier.Name, new(Draw(before, isAsked), Draw(after, isAsked)),
            new(Draw(before, IsReached), Draw(after, IsReached)));

        bool IsReached(int flow) => isAsked(flow) && reaches(flow);

        ReliabilityDiagram Draw((float, bool)[] answers, Func<int, bool> isShown) =>
            WithInterval(ReliabilityDiagram.From(answers.Where((_, flow) => isShown(flow))),
                [.. Errors(answers, isShown, captures).Where(error => !double.IsNaN(error))]);
    }

    /// <summary>
    /// Adds the interval of the error. Distances add up whichever their sign, so that chance makes the error of draws
    /// larger on average than that of all flows; the interval is shifted back by as much.
    /// </summary>
    static ReliabilityDiagram WithInterval(ReliabilityDiagram diagram, double[] errors) =>
        diagram.With(errors.Length == 0
            ? null
            : Interval.From(errors)!.Value.Shift(diagram.ExpectedCalibrationError - errors.Average()));

    /// <summary>
    /// Computes the expected calibration error on each draw; NaN where a draw has no flow that counts.
    /// </summary>
    static IEnumerable<double> Errors((float Confidence, bool IsRight)[] answers, Func<int, bool> isShown,
        CaptureDraws captures)
    {
        double[][] excess =
            [.. Enumerable.Range(0, ReliabilityDiagram.MaxBins).Select(_ => new double[captures.Groups])];
        foreach (var (flow, (confidence, isRight)) in answers.Index().Where(answer => isShown(answer.Index)))
        {
            excess[ReliabilityDiagram.Bin(confidence)][captures.Group(flow)] += confidence - (isRight ? 1 : 0);
        }

        var flows = captures.Sum(flow => isShown(flow) ? 1 : 0);
        for (var draw = 0; draw < captures.Draws; draw++)
        {
            var sum = 0.0;
            foreach (var bin in excess)
            {
                sum += Math.Abs(CaptureDraws.Weigh(captures.Weights(draw), bin));
            }

            yield return sum / CaptureDraws.Weigh(captures.Weights(draw), flows);
        }
    }

    static (float Confidence, bool IsRight)[] Answers(TierRule rule, Predictions predictions, FlowSample flows)
    {
        var answers = new (float, bool)[flows.Count];
        var probabilities = new float[predictions.Classes];
        for (var flow = 0; flow < answers.Length; flow++)
        {
            var decision = predictions.Decide(rule, flow, probabilities);
            answers[flow] = (decision.Confidence, decision.LabelId == flows.Labels[flow]);
        }

        return answers;
    }
}
