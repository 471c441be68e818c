using ServeFlow.Cascade.Drift;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Checks what a manifest says about the traffic of training.</summary>
static class DriftCheck
{
    /// <summary>Bounds a window: counts of it stay far from overflow.</summary>
    const int MaxWindowFlows = 10_000_000;

    /// <exception cref="InputException">A field is unusable; the message names file and field.</exception>
    public static void Run(DriftBaseline baseline, int tiers, string path)
    {
        Require(baseline.WindowFlows is > 0 and <= MaxWindowFlows, "window_flows",
            $"{baseline.WindowFlows} is not between 1 and {MaxWindowFlows}");
        Require(baseline.WindowsPerAlarm > 0, "windows_per_alarm", $"{baseline.WindowsPerAlarm} is not above 0");
        Require(baseline.AlarmScore > 0, "alarm_score", $"{baseline.AlarmScore} is not above 0");
        Require(baseline.Escalated.Count == tiers - 1, "escalated",
            $"{baseline.Escalated.Count} values, {tiers - 1} expected");
        Require(baseline.Classes.Count <= DriftBaseline.MaxClasses, "classes",
            $"{baseline.Classes.Count} entries, at most {DriftBaseline.MaxClasses} are allowed");
        Require(baseline.Questions.Count <= DriftBaseline.MaxQuestions, "questions",
            $"{baseline.Questions.Count} entries, at most {DriftBaseline.MaxQuestions} are allowed");
        Require(!baseline.Escalated.Any(figure => figure is null), "escalated", "one is null");
        Require(!baseline.Classes.Any(watched => watched is null), "classes", "one is null");
        Require(!baseline.Questions.Any(question => question is null), "questions", "one is null");
        Require(baseline.Classes.Select(watched => watched.Label).Distinct().Count() == baseline.Classes.Count,
            "classes", "one occurs twice");
        Require(DriftStatistics.Figures(baseline).All(figure => IsShare(figure.Value) && figure.Spread > 0), "figures",
            "a value is not between 0 and 1, or a spread is not above 0");

        void Require(bool holds, string field, string problem)
        {
            if (!holds)
            {
                throw new InputException(BundleProblem.Field(path, $"drift.{field}", problem));
            }
        }
    }

    static bool IsShare(double value) => value is >= 0 and <= 1;
}
