using ServeFlow.Cascade;
using ServeFlow.Service;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>
/// Holds the models of a running sensor that answers several tasks. A model is named by its task: what is activated for
/// a task is another version in the folder that its bundle came from, and the other tasks answer as before.
/// </summary>
/// <param name="tasks">The models of each task.</param>
sealed class TaskModels(IReadOnlyList<ServeModels> tasks) : IModelControl
{
    readonly Stack<ServeModels> changed = [];

    /// <summary>Reads and compiles the models that answer first: one for each task.</summary>
    /// <param name="tasks">Each task and the path of its bundle; one of any name answers as a bundle alone does.
    /// </param>
    /// <param name="bundle">The path of the bundle that answers where there are no tasks.</param>
    /// <param name="model">Which model of a repository that is; null where it has one only.</param>
    /// <param name="remote">Computes the last tier of the one bundle; null where all is computed here.</param>
    /// <exception cref="InputException">There is none, or one cannot be used.</exception>
    public static IReadOnlyList<ServeModels> Open(IReadOnlyList<(string Task, string Path)> tasks, string bundle,
        string? model, IRemoteTierFactory? remote = null) => tasks switch
        {
            [] => [ServeModels.Open(bundle, model, remote)],
            [var only] => [ServeModels.Open(only.Path, null, remote)],
            _ => [.. tasks.Select((task, number) => ServeModels.Open(task.Path, null, null, task.Task, number))],
        };

    /// <summary>Gets the plans of the tasks, named by them.</summary>
    /// <exception cref="InputException">They do not fit together.</exception>
    public static IReadOnlyList<CascadePlan> FindPlans(IReadOnlyList<ServeModels> models) =>
        models is [var only] ? [only.Main.Bundle.Plan]
            : TaskSet.Create([.. models.Select(task => (task.Task, task.Main.Bundle.Plan))]);

    public object Describe() => new { Tasks = tasks.Select(task => task.Describe()) };

    public IReadOnlyList<ModelEntry> List() => [.. tasks.SelectMany(task => task.List()
        .Select(entry => entry with { Name = task.Task }))];

    public IReadOnlyList<CascadePlan> ReadyPlans() => [.. tasks.SelectMany(task => task.ReadyPlans())];

    public ModelChange Activate(string name, int? version)
    {
        var task = Find(name);
        var before = task.Main;
        var change = task.Activate(task.Main.Entry.Name, version);
        lock (changed)
        {
            if (task.Main != before)
            {
                changed.Push(task);
            }
        }

        return change;
    }

    /// <summary>Undoes the latest activation, whichever task it was for.</summary>
    public ModelChange RollBack()
    {
        lock (changed)
        {
            return changed.TryPop(out var task) ? task.RollBack()
                : throw new InputException("no model answered before: activate one by its task, as TASK@VERSION");
        }
    }

    public ModelChange StartCanary(string name, int? version, double share) => throw Refuse("a canary");

    public ModelChange StopCanary() => throw Refuse("a canary");

    public ModelChange StartShadow(string name, int? version) => throw Refuse("a shadow");

    public ModelChange StopShadow() => throw Refuse("a shadow");

    public ModelChange Load(string name)
    {
        var task = Find(name);
        return task.Load(task.Main.Entry.Name);
    }

    public ModelChange Unload(string name)
    {
        var task = Find(name);
        return task.Unload(task.Main.Entry.Name);
    }

    static InputException Refuse(string what) =>
        new($"several tasks are answered, and {what} is for one: try the model in a sensor of its own");

    ServeModels Find(string name) => tasks.FirstOrDefault(task => task.Task == name)
        ?? throw new InputException($"'{InputException.Quote(name)}': is no task of this sensor; it has "
            + string.Join(", ", tasks.Select(task => task.Task)));
}
