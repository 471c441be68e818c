using ServeFlow.Cascade.Decisions;
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

    /// <param name="predictions">Raw probabilities.</param>
    /// <param name="labels">True class of each flow.</param>
    /// <param name="flows">Those that reach the tier.</param>
    /// <param name="parts">Captures' part of each flow; null leaves no way to compare, and takes the temperature.</param>
    /// <returns>A rule that answers everything, with the calibration that others are to use.</returns>
    public static TierRule Fit(CalibrationKind kind, Predictions predictions, IReadOnlyList<int> labels,
        IReadOnlyList<int> flows, IReadOnlyList<int>? parts)
    {
        if (kind == CalibrationKind.Auto)
        {
            kind = parts is not null && IsIsotonicBetter(predictions, labels, flows, parts)
                ? CalibrationKind.Isotonic
                : CalibrationKind.Temperature;
        }

        return Fit(kind, predictions, labels, flows);
    }

    static TierRule Fit(CalibrationKind kind, Predictions predictions, IReadOnlyList<int> labels,
        IReadOnlyList<int> flows)
    {
        var raw = TierRule.ForLastTier(1, UncertaintyMeasure.Margin, predictions.Classes);
        return kind == CalibrationKind.Temperature
            ? raw with { Temperature = TemperatureFit.Fit(predictions, labels, flows) }
            : raw with { Isotonic = IsotonicFit.Fit([.. flows.Select(f => Answer(predictions, labels, f))]) };
    }

    static (float Confidence, bool IsRight) Answer(Predictions predictions, IReadOnlyList<int> labels, int flow)
    {
        var top = predictions.TopClass(flow);
        return (predictions[flow][top], top == labels[flow]);
    }

    static bool IsIsotonicBetter(Predictions predictions, IReadOnlyList<int> labels, IReadOnlyList<int> flows,
        IReadOnlyList<int> parts)
    {
        var better = 0.0;
        foreach (var part in flows.GroupBy(f => parts[f]))
        {
            int[] others = [.. flows.Where(f => parts[f] != part.Key)];
            better += Loss(Fit(CalibrationKind.Temperature, predictions, labels, others))
                - Loss(Fit(CalibrationKind.Isotonic, predictions, labels, others));

            double Loss(TierRule rule) => LogLoss(rule, predictions, labels, part);
        }

        return better > MinImprovement * flows.Count;
    }

    static double LogLoss(TierRule rule, Predictions predictions, IReadOnlyList<int> labels, IEnumerable<int> flows)
    {
        var room = new float[predictions.Classes];
        var loss = 0.0;
        foreach (var flow in flows)
        {
            predictions.Decide(rule, flow, room);
            loss -= Math.Log(Math.Max(room[labels[flow]], Temperature.Floor));
        }

        return loss;
    }
}
