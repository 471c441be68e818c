using ServeFlow.Cascade.Bundles;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Says how a feature set was chosen, for people.</summary>
static class FeatureText
{
    /// <param name="group">What was kept together when flows were divided, as a word.</param>
    public static string Format(BundleFeatureChoice choice, string group)
    {
        if (choice.Trials.Count == 0)
        {
            return $"features: {choice.Why}\n";
        }

        var table = new TextTable("features", "weighted F1", "gain", "95 % of draws", "");
        foreach (var trial in choice.Trials)
        {
            table.Add(trial.Set, Fixed(trial.WeightedF1, 4), trial.Against.Length == 0 ? "" : Fixed(trial.Gain, 4),
                trial.Against.Length == 0 ? "" : Interval(trial), trial.Taken ? "taken" : "");
        }

        return $"{table}features: {choice.Why} ({choice.Model} on {Count(choice.Captures, group)}, each set against "
            + "the one taken before it)\n";
    }

    /// <summary>Formats the interval of a gain, as text and report show it.</summary>
    public static string Interval(BundleFeatureTrial trial) =>
        $"{Fixed(trial.GainLow, 4)} to {Fixed(trial.GainHigh, 4)}";
}
