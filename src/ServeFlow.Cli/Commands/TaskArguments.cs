using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cascade;

namespace ServeFlow.Cli.Commands;

/// <summary>Reads which bundle answers which task, where several tasks are answered over the same flows.</summary>
static class TaskArguments
{
    /// <summary>Describes what the option is for, in verbs where it has no other use.</summary>
    public const string Description = "Answer several tasks over the same flows, each by a bundle of its own: give one "
        + "for each task, such as --model service=bundles/service --model device=bundles/device";

    public const string Form = "TASK=BUNDLE";

    /// <summary>Gets the tasks and the paths of their bundles.</summary>
    public static IReadOnlyList<(string Task, string Path)> Parse(IEnumerable<string> values) =>
        [.. values.Select(Split)];

    /// <summary>Determines whether a value names a task, and not a model of a folder.</summary>
    public static bool IsTask(string value) => value.Contains('=', StringComparison.Ordinal);

    /// <summary>Checks that a bundle is given, or one for each task, but not both.</summary>
    /// <param name="hasTasks">Tells whether bundles of tasks are given.</param>
    /// <param name="otherwise">What can be done instead of giving a bundle.</param>
    public static void CheckBundle(CommandResult result, Argument bundle, bool hasTasks, string otherwise)
    {
        var hasBundle = result.GetResult(bundle) is { Tokens.Count: > 0 };
        if (!hasTasks && !hasBundle)
        {
            result.AddError($"no bundle to answer with: give BUNDLE, or {otherwise}");
        }
        else if (hasTasks && hasBundle)
        {
            result.AddError($"BUNDLE and --model: the bundles of tasks are given by --model {Form} alone: leave BUNDLE "
                + "out");
        }
    }

    /// <summary>
    /// Refuses values that name neither one model of a folder nor a bundle for each of several tasks.
    /// </summary>
    public static void CheckModelOrTasks(OptionResult result)
    {
        try
        {
            var values = result.GetValueOrDefault<string[]>();
            if (values.Any(IsTask))
            {
                CheckAll(values);
            }
            else
            {
                _ = ModelName.Parse(values is [var only] ? only
                    : throw new InputException($"is given {values.Length} times: give it once, or {Form} for each of "
                        + "several tasks"));
            }
        }
        catch (InputException e)
        {
            result.AddError($"--model {e.Message}");
        }
    }

    /// <summary>Refuses values that do not name a task and its bundle.</summary>
    public static void CheckValues(OptionResult result)
    {
        try
        {
            CheckAll(result.GetValueOrDefault<string[]>());
        }
        catch (InputException e)
        {
            result.AddError($"--model: {e.Message}");
        }
    }

    static void CheckAll(IEnumerable<string> values) =>
        TaskSet.CheckNames([.. values.Select(value => Split(value).Task)]);

    static (string Task, string Path) Split(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at < value.Length - 1
            ? (value[..at], value[(at + 1)..])
            : throw new InputException($"'{InputException.Quote(value)}': give {Form}, such as "
                + "service=bundles/service");
    }
}
