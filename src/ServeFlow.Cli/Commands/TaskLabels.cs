using ServeFlow.Cascade;
using ServeFlow.Service;

namespace ServeFlow.Cli.Commands;

/// <summary>Makes labels of metrics: the task first where there are several, and no such label where there is
/// one.</summary>
static class TaskLabels
{
    public static IReadOnlyList<KeyValuePair<string, string>> Create(ServedPlans plans, string task,
        params KeyValuePair<string, string>[] labels) => plans.Tasks > 1 ? [new("task", task), .. labels] : labels;

    /// <summary>Makes a value with labels.</summary>
    public static MetricPoint Point(double value, IReadOnlyList<KeyValuePair<string, string>> labels) =>
        new(value, [.. labels.Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))]);

    /// <summary>Labels a tier by its number in the counts.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> OfTier(ServedPlans plans, int tier,
        params KeyValuePair<string, string>[] labels) =>
        Create(plans, plans.TierTasks[tier], [new("tier", plans.TierNames[tier]), .. labels]);
}
