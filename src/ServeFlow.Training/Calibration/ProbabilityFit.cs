using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Fits a tier's calibration to the flows that reach it. Which kind is better is judged by log loss, which no
/// dishonest probability can lower, on captures that it was not fitted to.
/// </summary>
static class ProbabilityFit
{
    /// <summary>The curve must be better than the number by so much a flow to be taken: less is chance.</summary>
    const double MinImprovement = 0.001;

    /// <param name="predictions">Raw probabilities, a row for each flow.</param>
    /// <param name="flows">The flows that reach the tier.</param>
    /// <param name="parts">The part that each flow's capture is in, by position; null leaves no way to compare, and
    /// takes the temperature.</param>
    /// <returns>The kind that was asked for, or the better one where either would do.</returns>
    public static CalibrationKind Choose(CalibrationKind kind, Predictions predictions, FlowSample flows,
        int[]? parts) =>
        kind != CalibrationKind.Auto ? kind
        : parts is not null && IsIsotonicBetter(predictions, flows, parts) ? CalibrationKind.Isotonic
        : CalibrationKind.Temperature;

    /// <summary>Fits a calibration.</summary>
    /// <returns>A rule that answers everything, with the calibration that others are to use.</returns>
    public static TierRule Fit(CalibrationKind kind, Predictions predictions, FlowSample flows)
    {
        var raw = TierRule.ForLastTier(1, UncertaintyMeasure.Margin, predictions.Classes);
        return kind == CalibrationKind.Temperature
            ? raw with { Temperature = TemperatureFit.Fit(predictions, flows) }
            : raw with
            {
                Isotonic = IsotonicFit.Fit([.. flows.Labels.Select((label, i) => Answer(predictions, label, i))]),
            };
    }

    static (float Confidence, bool IsRight) Answer(Predictions predictions, int label, int flow)
    {
        var top = predictions.TopClass(flow);
        return (predictions[flow][top], top == label);
    }

    static bool IsIsotonicBetter(Predictions predictions, FlowSample flows, int[] parts)
    {
        var better = 0.0;
        foreach (var part in Enumerable.Range(0, flows.Count).GroupBy(i => parts[i]))
        {
            int[] outside = [.. Enumerable.Range(0, flows.Count).Where(i => parts[i] != part.Key)];
            var (others, rows) = (flows.Subset(outside), predictions.Subset(outside));
            better += Loss(Fit(CalibrationKind.Temperature, rows, others))
                - Loss(Fit(CalibrationKind.Isotonic, rows, others));

            double Loss(TierRule rule) => LogLoss(rule, predictions, flows, part);
        }

        return better > MinImprovement * flows.Count;
    }

    static double LogLoss(TierRule rule, Predictions predictions, FlowSample flows, IEnumerable<int> positions)
    {
        var room = new float[predictions.Classes];
        var loss = 0.0;
        foreach (var position in positions)
        {
            predictions.Decide(rule, position, room);
            loss -= Math.Log(Math.Max(room[flows.Labels[position]], Temperature.Floor));
        }

        return loss;
    }
}
