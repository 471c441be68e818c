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

    /// <summary>Checks that a bundle is given, or one for each task, but not both.</summary>
    public static void Check(CommandResult result, Argument bundle, Option<string[]> models)
    {
        var given = result.GetValue(models) ?? [];
        var hasBundle = result.GetResult(bundle) is { Tokens.Count: > 0 };
        if (given.Length == 0 && !hasBundle)
        {
            result.AddError($"no bundle to answer with: give BUNDLE, or --model {Form} for each of several tasks");
        }
        else if (given.Length > 0 && hasBundle)
        {
            result.AddError($"BUNDLE and --model: the bundles of tasks are given by --model {Form} alone: leave BUNDLE "
                + "out");
        }
    }

    /// <summary>Refuses values that do not name a task and its bundle.</summary>
    public static void CheckValues(OptionResult result)
    {
        try
        {
            TaskSet.CheckNames([.. result.GetValueOrDefault<string[]>().Select(value => Split(value).Task)]);
        }
        catch (InputException e)
        {
            result.AddError($"--model: {e.Message}");
        }
    }

    static (string Task, string Path) Split(string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && at < value.Length - 1
            ? (value[..at], value[(at + 1)..])
            : throw new InputException($"'{InputException.Quote(value)}': give {Form}, such as "
                + "service=bundles/service");
    }
}
