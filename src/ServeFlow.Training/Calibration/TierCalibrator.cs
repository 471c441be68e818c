using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>The thresholds chosen for one tier.</summary>
/// <param name="Rule">What the tier decides by.</param>
/// <param name="Kind">How its thresholds were found.</param>
/// <param name="Curve">What was chosen from.</param>
/// <param name="Point">The point of the curve.</param>
/// <param name="Attempt">How much had to be given up, from 0; see <see cref="AssignmentGoal.Attempts"/>.</param>
public sealed record TierCalibration(TierRule Rule, AssignmentKind Kind, AssignmentCurve Curve, int Point, int Attempt)
{
    public AssignmentPoint Chosen => Curve.Points[Point];

    /// <summary>All that were compared by area; empty where no parts of the flows were given.</summary>
    public IReadOnlyList<AssignmentTrial> Trials { get; init; } = [];
}

/// <summary>A way to escalate, and what it was worth on captures that its thresholds were not found on.</summary>
/// <param name="Area">See <see cref="AssignmentArea.CrossFitted"/>.</param>
public sealed record AssignmentTrial(UncertaintyMeasure Measure, AssignmentKind Kind, double Area);

/// <summary>Finds one tier's calibration, measure and thresholds on the flows that reach it.</summary>
/// <param name="flows">The flows that reach the tier.</param>
/// <param name="tier">This tier's predictions of them.</param>
/// <param name="slow">The last tier's predictions of them.</param>
/// <param name="answered">The flows that earlier tiers have answered.</param>
/// <param name="parts">The part that each flow's capture is in, by position; null compares nothing across
/// parts.</param>
sealed class TierCalibrator(FlowSample flows, Predictions tier, Predictions slow, ConfusionMatrix answered,
    int[]? parts)
{
    /// <summary>Areas that differ by less may be the other way round on other captures.</summary>
    const double AreaNoise = 0.02;

    /// <summary>Limits the flows on which areas are compared.</summary>
    const int MaxFlows = 20_000;

    /// <summary>
    /// A less plain measure, or thresholds per class, must save this share of the flows to be taken: less is chance,
    /// and would not be found again on other captures.
    /// </summary>
    const double MinSavedShare = 0.02;

    /// <summary>A less plain measure, or thresholds per class, must score this much better to be taken.</summary>
    const double ClearlyBetterF1 = 0.0005;

    /// <param name="goal">What was asked.</param>
    /// <param name="isFirst">Whether the goal's share of errors to be caught applies.</param>
    /// <param name="floor">Weighted F1 of the last tier on every flow.</param>
    /// <param name="lossShare">Share of the loss allowed that may be used up by this tier and those before.</param>
    /// <param name="most">Flows that may be escalated.</param>
    public TierCalibration Calibrate(AssignmentGoal goal, bool isFirst, double floor, double lossShare, int most)
    {
        return Best(goal, isFirst && goal.Caught > 0, sift: false,
            curve => Choose(curve, goal, isFirst, floor, lossShare, most), IsClearlyBetter);
    }

    /// <summary>
    /// Chooses, of all ways to escalate at most <paramref name="most"/> flows, the one by which the mixture scores
    /// best.
    /// </summary>
    public TierCalibration CalibrateTo(int most, AssignmentGoal goal, bool catchErrors) =>
        Best(goal, catchErrors, sift: true,
        curve => (curve.LastWithinBudget(most), 0), (a, b) =>
            a.Chosen.WeightedF1 > b.Chosen.WeightedF1 + ClearlyBetterF1);

    /// <summary>
    /// Tries every kind of thresholds with every measure, compared by what they do; of equally good ones the first
    /// stays.
    /// </summary>
    /// <param name="sift">Only those that order the flows of other captures about as well as the best.</param>
    TierCalibration Best(AssignmentGoal goal, bool catchErrors, bool sift,
        Func<AssignmentCurve, (int Point, int Attempt)> choose, Func<TierCalibration, TierCalibration, bool> isBetter)
    {
        var calibrated = ProbabilityFit.Fit(goal.Calibration, tier, flows, parts);
        var ways = Kinds(goal).SelectMany(kind => Measures(goal).Select(measure => (kind, measure))).ToArray();
        AssignmentTrial[] trials = parts is null
            ? []
            : [.. ways.Select(way => Compare(way.kind, way.measure, calibrated, parts))];
        var tried = ways.Where((_, i) => !sift || trials.Length == 0 || IsContender(trials[i], trials));
        return tried.Select(way => Find(way.kind, way.measure))
            .Aggregate((best, next) => isBetter(next, best) ? next : best);

        TierCalibration Find(AssignmentKind kind, UncertaintyMeasure measure)
        {
            var curve = Trace(kind, Samples(calibrated with { Measure = measure }), catchErrors);
            var (point, attempt) = choose(curve);
            var rule = calibrated with { Measure = measure, Thresholds = curve.Thresholds(point) };
            return new(rule, kind, curve, point, attempt) { Trials = trials };
        }
    }

    /// <summary>
    /// About as good as the best; and thresholds per class must be clearly better than one for all: what they win on
    /// the flows that they are found on says nothing.
    /// </summary>
    static bool IsContender(AssignmentTrial trial, AssignmentTrial[] trials) =>
        trial.Area >= trials.Max(t => t.Area) - AreaNoise
        && trials.All(t => t.Kind == trial.Kind || trial.Kind == AssignmentKind.Universal
            || t.Measure != trial.Measure || trial.Area > t.Area + AreaNoise);

    AssignmentTrial Compare(AssignmentKind kind, UncertaintyMeasure measure, TierRule calibrated, int[] partOf)
    {
        var all = Samples(calibrated with { Measure = measure });
        var sample = EvenSample.Indices(flows.Count, MaxFlows);
        AssignmentSample[] samples = [.. sample.Select(i => all[i])];
        int[] parted = [.. sample.Select(i => partOf[i])];
        var area = AssignmentArea.CrossFitted(answered, samples, parted, some => kind == AssignmentKind.Universal
            ? UniversalAssignment.Trace(answered, some)
            : SlopeAssignment.Trace(answered, some, s => s.Gain, SlopeAssignment.DefaultPrior, isWhole: true));
        return new(measure, kind, area);
    }

    bool IsClearlyBetter(TierCalibration a, TierCalibration b) => a.Attempt != b.Attempt
        ? a.Attempt < b.Attempt
        : a.Chosen.Escalated < b.Chosen.Escalated - (MinSavedShare * flows.Count);

    static IReadOnlyList<AssignmentKind> Kinds(AssignmentGoal goal) =>
        goal.Kind is { } kind ? [kind] : [AssignmentKind.Universal, AssignmentKind.PerClass];

    /// <summary>The expected gain only where a gain model has been asked.</summary>
    IReadOnlyList<UncertaintyMeasure> Measures(AssignmentGoal goal) => goal.Measure is { } measure
        && (measure != UncertaintyMeasure.ExpectedGain || tier.Gains is not null)
            ? [measure]
            :
            [
                UncertaintyMeasure.Margin, UncertaintyMeasure.LeastConfidence, UncertaintyMeasure.Entropy,
                .. tier.Gains is null ? [] : new[] { UncertaintyMeasure.ExpectedGain },
            ];

    AssignmentCurve Trace(AssignmentKind kind, AssignmentSample[] samples, bool catchErrors) => kind switch
    {
        AssignmentKind.Universal => UniversalAssignment.Trace(answered, samples),
        _ => SlopeAssignment.Trace(answered, samples, s => s.Gain + (catchErrors && s.FastIsWrong ? 1 : 0),
            SlopeAssignment.DefaultPrior),
    };

    static (int Point, int Attempt) Choose(AssignmentCurve curve, AssignmentGoal goal, bool isFirst, double floor,
        double lossShare, int most)
    {
        var point = -1;
        for (var attempt = 0; attempt < goal.Attempts.Count; attempt++)
        {
            var (caught, loss) = goal.Attempts[attempt];
            point = curve.First(p =>
                (!isFirst || p.Caught >= caught) && p.WeightedF1 >= floor - (loss * lossShare));
            if (point >= 0 && curve.Points[point].Escalated <= most)
            {
                return (point, attempt);
            }
        }

        var isBound = goal.Budget is not null || point < 0;
        return (isBound ? curve.LastWithinBudget(most) : point, goal.Attempts.Count);
    }

    AssignmentSample[] Samples(TierRule rule)
    {
        var probabilities = new float[tier.Classes];
        var samples = new AssignmentSample[flows.Count];
        for (var i = 0; i < samples.Length; i++)
        {
            var decision = tier.Decide(rule, i, probabilities);
            samples[i] = new(flows.Labels[i], decision.LabelId, slow.TopClass(i), decision.Uncertainty);
        }

        return samples;
    }
}
