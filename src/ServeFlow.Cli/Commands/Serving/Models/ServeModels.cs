using System.Diagnostics;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade;
using ServeFlow.Cli.Inputs;
using ServeFlow.Service;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>
/// Holds the models of a running sensor: the one that answers, those that it can go back to, and those made ready. One
/// change is made at a time, on the caller's thread.
/// </summary>
/// <param name="repository">Where versions lie.</param>
/// <param name="start">What answers first.</param>
/// <param name="isPinned">Whether its version was asked for: then no newer one takes its place by itself.</param>
/// <param name="remote">Computes the last tier of each model; null where all is computed here.</param>
/// <param name="task">The name of the task that is answered, where there are several; else empty.</param>
/// <param name="taskNumber">Its number, from 0.</param>
sealed partial class ServeModels(ModelRepository repository, ServedModel start, bool isPinned,
    IRemoteTierFactory? remote, string task = "", int taskNumber = 0) : IModelControl
{
    /// <summary>Limits the models that one can go back to; each is kept ready.</summary>
    const int MaxEarlier = 4;

    /// <summary>Exceeds the pause between two bursts of an idle link by far.</summary>
    static readonly TimeSpan WorkerTimeout = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly List<ServedModel> earlier = [];
    readonly List<ServedModel> ready = [];
    Sensor? sensor;
    Action<string> say = _ => { };
    Action<string> warn = _ => { };
    Func<CascadePlan, IEnumerable<string>> check = _ => [];
    bool isPinned = isPinned;
    bool hasBegun;
    long applied;
    long refused;
    volatile IReadOnlyList<CascadePlan> plans = [start.Bundle.Plan];

    /// <summary>Gets which models are used for what.</summary>
    public ModelUse InUse { get; private set; } = new(start);

    /// <summary>Gets what computes the last tier of each model; null where all is computed here.</summary>
    public IRemoteTierFactory? Remote => remote;

    public ServedModel Main => InUse.Main;

    /// <summary>Gets the name of the task that is answered, where there are several; else empty.</summary>
    public string Task => task;

    public long Applied => Volatile.Read(ref applied);

    public long Refused => Volatile.Read(ref refused);

    /// <summary>Gets the longest time that packets waited for a change.</summary>
    public TimeSpan LongestPause => sensor?.LongestChange ?? TimeSpan.Zero;

    /// <summary>Reads and compiles the model that answers first.</summary>
    /// <param name="path">A repository, a bundle or a version of one.</param>
    /// <param name="model">Which model of a repository; null where it has one only.</param>
    /// <exception cref="InputException">There is none, or it cannot be used.</exception>
    /// <param name="remote">Computes the last tier of each model; null where all is computed here.</param>
    /// <param name="task">The name of the task that it answers, where there are several; else empty.</param>
    /// <param name="number">The task's number, from 0.</param>
    public static ServeModels Open(string path, string? model, IRemoteTierFactory? remote = null, string task = "",
        int number = 0)
    {
        var repository = ModelRepository.Open(path);
        var name = model is null ? null : ModelName.Parse(model);
        var entry = repository.Find(name?.Name ?? FindOnly(repository, path), name?.Version);
        return new(repository, new(entry, Place(repository.Load(entry, ServedFormats.All), remote)),
            name?.Version is not null, remote, task, number);
    }

    /// <summary>The sensor runs: from now on its models can change.</summary>
    /// <param name="tell">Writes a message.</param>
    /// <param name="complain">Writes what is wrong.</param>
    /// <param name="checkPlan">Says what is to be known of a plan; throws where it cannot serve here.</param>
    public void Attach(Sensor running, Action<string> tell, Action<string> complain,
        Func<CascadePlan, IEnumerable<string>> checkPlan) =>
        (sensor, say, warn, check) = (running, tell, complain, checkPlan);

    public ModelChange Activate(string name, int? version) => Activate(name, version, isTold: true);

    public ModelChange RollBack() => Change(() => earlier.Count > 0 ? Answer(earlier[^1])
        : throw Mistaken("no model answered before this one: activate one by its name"), _ =>
    {
        earlier.RemoveAt(earlier.Count - 1);
        isPinned = true;
    });

    public ModelChange Load(string name)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            var model = Read(repository, repository.Find(name, null));
            if (!ready.Contains(model) && InUse.Roles.All(entry => entry.Model != model))
            {
                ready.Add(model);
                NotePlans();
            }

            return Told(model, start, [$"{model.Name}: is ready; activate it to have it answer"]);
        }
    }

    public ModelChange Unload(string name)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            if (InUse.Roles.FirstOrDefault(entry => entry.Model.Entry.Name == name) is { Model: { } inUse } entry)
            {
                throw new InputException($"{inUse.Name}: is in use ({entry.Role}): activate another model, or end that "
                    + "use, before");
            }

            var found = repository.Find(name, null);
            var count = ready.RemoveAll(model => model.Entry.Name == name)
                + earlier.RemoveAll(model => model.Entry.Name == name);
            NotePlans();
            return new(name, VersionOf(found), Seconds(start),
                [$"{name}: {(count == 1 ? "1 version" : $"{count} versions")} unloaded"]);
        }
    }

    /// <summary>Whoever asks does not wait for a change that is under way.</summary>
    public IReadOnlyList<CascadePlan> ReadyPlans() => plans;

    /// <summary>Takes note of what is ready. Under the gate.</summary>
    void NotePlans() => plans = [.. InUse.Roles.Select(entry => entry.Model).Concat(ready).Concat(earlier).Distinct()
        .Select(model => model.Bundle.Plan)];

    /// <summary>Reads the repository again: a newer version of the model that answers takes its place, unless its
    /// version was chosen, here or by a fleet. Says what there is to say.</summary>
    public IReadOnlyList<string> Reload()
    {
        try
        {
            var problems = repository.List().Where(entry => entry.Problem is not null).Select(entry => entry.Problem!);
            lock (gate)
            {
                var latest = isPinned || isSteered ? Main.Entry : repository.Find(Main.Entry.Name, null);
                return latest.Version == Main.Entry.Version ? [.. problems]
                    : [.. problems, .. Activate(Main.Entry.Name, null, isTold: false).Messages];
            }
        }
        catch (InputException e)
        {
            return [$"{e.Message}: {Main.Name} answers as before"];
        }
    }

    static string FindOnly(ModelRepository repository, string path)
    {
        var names = repository.List().Where(entry => entry.Problem is null).Select(entry => entry.Name).Distinct()
            .ToList();
        return names.Count == 1 ? names[0] : throw new InputException($"{path}: has {names.Count} models: say by "
            + $"--model which answers first: {string.Join(", ", names.Take(20))}");
    }

    static InputException Mistaken(string message) => new(message) { IsMistakenRequest = true };

    static string VersionOf(RepositoryEntry entry) => entry.Version is > 0 and var version ? $"{version}" : "";

    static double Seconds(long start) => Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 6);

    static ModelChange Told(ServedModel model, long start, IReadOnlyList<string> messages) =>
        new(model.Bundle.Plan.Name, model.Bundle.Plan.Version, Seconds(start), messages);

    ModelChange Activate(string name, int? version, bool isTold) =>
        Activate(() => Read(repository, repository.Find(name, version)), version is not null, isTold);

    /// <param name="isPinned">Whether no newer version takes its place by itself.</param>
    /// <param name="isTold">Whether the log says what became of it, not the caller.</param>
    ModelChange Activate(Func<ServedModel> find, bool isPinned, bool isTold = true) =>
        Change(() => Answer(find()), next => Replace(next.Main, isPinned), isTold);

    /// <summary>Keeps the main model to go back to, once, before another one takes its place.</summary>
    void Replace(ServedModel next, bool isPinned)
    {
        earlier.Remove(next);
        earlier.Add(Main);
        earlier.RemoveRange(0, Math.Max(0, earlier.Count - MaxEarlier));
        this.isPinned = isPinned;
    }

    /// <summary>Has a model answer all flows that are left to the main one.</summary>
    Wish Answer(ServedModel next) => new(InUse.WithMain(next), next,
        next == Main ? $"{next.Name}: answers already" : $"{next.Name} answers from now on (before: {Main.Name})");

    /// <summary>Changes what answers, or nothing where that fails, and counts and tells which: as a warning only where
    /// a version that is there cannot serve.</summary>
    ModelChange Change(Func<Wish> choose, Action<ModelUse> settle, bool isTold = true)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                var wish = choose();
                if (wish.Use == InUse)
                {
                    return Told(wish.About, start, [wish.Line]);
                }

                var notes = check(wish.About.Bundle.Plan).ToList();
                var isWhole = sensor!.Use(wish.Use.ToSensor(), hasBegun ? WorkerTimeout : TimeSpan.Zero, taskNumber);
                settle(wish.Use);
                InUse = wish.Use;
                ready.RemoveAll(model => InUse.Roles.Any(entry => entry.Model == model));
                NotePlans();
                applied++;
                notes.Insert(0, wish.Line + (isWhole || !hasBegun ? ""
                    : "; a worker waits for undecided flows of earlier models first"));
                notes.ForEach(isTold ? say : _ => { });
                return Told(wish.About, start, notes);
            }
            catch (InputException e)
            {
                refused++;
                if (hasBegun && isTold)
                {
                    (e.IsMistakenRequest ? say : warn)($"{e.Message}: {Main.Name} answers as before");
                }

                throw;
            }
        }
    }

    /// <summary>Reads a version and checks every byte of it; one that is known already is compiled and warm.</summary>
    ServedModel Read(ModelRepository from, RepositoryEntry entry)
    {
        var bundle = from.Load(entry, ServedFormats.All);
        var key = ServedModel.CreateKey(bundle);
        if (InUse.Roles.Select(one => one.Model).Concat(ready).Concat(earlier)
            .FirstOrDefault(model => model.Sensor.Key == key) is { } known)
        {
            return known;
        }

        WarmUp.Run(bundle.Plan);
        return new(entry, Place(bundle, remote));
    }

    static Bundle Place(Bundle bundle, IRemoteTierFactory? remote) =>
        remote is null ? bundle : bundle.WithPlan(remote.Apply(bundle.Plan));

    /// <summary>Represents a change that was asked for.</summary>
    /// <param name="Use">What is to hold then.</param>
    /// <param name="About">The model that it is about.</param>
    /// <param name="Line">What is said when it holds.</param>
    sealed record Wish(ModelUse Use, ServedModel About, string Line);
}
