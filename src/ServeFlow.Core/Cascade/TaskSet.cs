using System.Text.RegularExpressions;

namespace ServeFlow.Cascade;

/// <summary>
/// Checks that several plans can answer the same flows, each a task of its own: one table tracks the flows, so that
/// they begin and end alike for all tasks.
/// </summary>
public static partial class TaskSet
{
    /// <summary>Limits the tasks: a decided flow keeps eight bytes for each.</summary>
    public const int MaxTasks = 4;

    /// <summary>Names the plans by their tasks.</summary>
    /// <param name="plans">The name of each task and the plan that answers it, in the order of records.</param>
    /// <exception cref="InputException">A name is none or is given twice, or the plans do not fit together.</exception>
    public static IReadOnlyList<CascadePlan> Create(IReadOnlyList<(string Task, CascadePlan Plan)> plans)
    {
        CheckNames([.. plans.Select(entry => entry.Task)]);
        foreach (var (task, plan) in plans)
        {
            CheckFit(task, plan, plans[0]);
        }

        return [.. plans.Select(entry => entry.Plan with { Task = entry.Task })];
    }

    /// <summary>Checks the names of tasks, which become keys of records and parts of column names.</summary>
    /// <exception cref="InputException">A name is none, there are too many, or two are the same.</exception>
    public static void CheckNames(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => !Name().IsMatch(name)) is { } wrong)
        {
            throw new InputException($"'{InputException.Quote(wrong)}' is no name of a task: give letters, digits, '_' "
                + "and '-', at most 32, beginning with a letter, such as service");
        }

        if (names.GroupBy(ToColumn, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InputException($"the task {twice.First()} is given {twice.Count()} times: give each task another "
                + "name ('-' and '_' count as the same, and so do capitals)");
        }

        if (names.Count > MaxTasks)
        {
            throw new InputException($"{names.Count} tasks, at most {MaxTasks} can answer the same flows: leave some "
                + "out, or start another process for them");
        }
    }

    /// <summary>Gets a task's name as a part of a column's name.</summary>
    public static string ToColumn(string task) => task.Replace('-', '_');

    static void CheckFit(string task, CascadePlan plan, (string Task, CascadePlan Plan) first)
    {
        if (plan.Window is not null)
        {
            throw new InputException($"{task}: {plan.Name} {plan.Version} classifies windows of flows, and several "
                + "tasks answer whole flows: serve it alone");
        }

        if (plan.Flows != first.Plan.Flows)
        {
            throw new InputException($"{task}: {plan.Name} {plan.Version} was trained with other rules for the end of "
                + $"flows than {first.Task}, and one table tracks the flows of both: train one of them again with the "
                + "other's timeouts, or serve it alone");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,31}\\z")]
    private static partial Regex Name();
}
