using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Provides the ways to escalate that training compared, for people.</summary>
static class AssignmentText
{
    /// <summary>Returns a row for each tier, measure and calibration; both kinds of thresholds side by side.</summary>
    public static TextTable Table(PlacedCascade cascade)
    {
        var table = new TextTable("tier", "calibration", "measure", "area, universal", "area, per class", "taken");
        foreach (var (number, tier) in cascade.Calibration.Tiers.Index())
        {
            foreach (var trials in tier.Trials.GroupBy(t => t.Measure))
            {
                table.Add(TierName.From(number, cascade.Tiers.Count), Calibration(tier.Rule),
                    MeasureName.Format(trials.Key),
                    Area(trials, AssignmentKind.Universal), Area(trials, AssignmentKind.PerClass),
                    trials.Key == tier.Rule.Measure ? AssignmentKindName.From(tier.Kind) : "");
            }
        }

        return table;
    }

    internal static string Calibration(TierRule rule) => rule.Isotonic is null ? "temperature" : "isotonic";

    static string Area(IEnumerable<AssignmentTrial> trials, AssignmentKind kind) =>
        NumberText.Fixed(trials.FirstOrDefault(t => t.Kind == kind)?.Area, 3);
}
