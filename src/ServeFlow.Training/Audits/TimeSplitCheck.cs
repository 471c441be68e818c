using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// The same quick model, trained on what came first and tested on what came last, beside splits by capture that do not
/// look at time: how much a score depends on training and use being of one time.
/// </summary>
static class TimeSplitCheck
{
    /// <summary>Specifies the share that is usually held back.</summary>
    const double TestShare = 0.25;

    /// <summary>Other splits, so that their spread says what is usual.</summary>
    const int Splits = 4;

    /// <summary>A loss of weighted F1 that is worth a warning.</summary>
    const double MinLoss = 0.05;

    const string Name = "split_by_time";

    public static AuditCheck Check(AuditFlows flows, QuickModel model, int seed, CancellationToken cancel)
    {
        var all = FlowSample.All(flows.Data);
        SplitParts later;
        SplitParts[] others;
        try
        {
            later = LaterCaptures.Split(all, TestShare);
            others = [.. Enumerable.Range(seed, Splits).Select(s => Split.ByCapture(all, TestShare, s))];
        }
        catch (InputException)
        {
            return new(Name, null, null, AuditVerdict.Skipped,
                "a split by time needs classes with several captures, taken at different times");
        }

        return Assess(model.WeightedF1(later.Train, later.HeldOut, cancel),
            [.. others.Select(parts => model.WeightedF1(parts.Train, parts.HeldOut, cancel))]);
    }

    /// <param name="figure">Weighted F1 on the later captures.</param>
    /// <param name="others">Weighted F1 on captures drawn without regard to time.</param>
    internal static AuditCheck Assess(double figure, double[] others)
    {
        var (expected, spread) = (Scores.Mean(others), Scores.StandardDeviation(others));
        var isLess = expected - figure > MinLoss;
        var falls = isLess && expected - figure > 2 * spread;
        return new(Name, figure, expected, falls ? AuditVerdict.Warned : AuditVerdict.Passed,
            "trained on each class's earlier captures and tested on its later ones, a decision tree reaches weighted "
            + $"F1 {NumberText.Fixed(figure, 3)}; split by capture without regard to time "
            + $"{NumberText.Fixed(expected, 3)} ± {NumberText.Fixed(spread, 3)}: "
            + (falls ? "scores fade with time, expect less than was measured"
                : isLess ? "less, but no more than such splits differ" : "time makes no great difference"));
    }
}
