using System.Diagnostics;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade;
using ServeFlow.Cli.Inputs;
using ServeFlow.Service;
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
sealed class ServeModels(ModelRepository repository, ServedModel start, bool isPinned) : IModelControl
{
    /// <summary>Models that one can go back to; each is kept ready.</summary>
    const int MostEarlier = 4;

    /// <summary>Exceeds the pause between two bursts of an idle link by far.</summary>
    static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(5);

    readonly Lock gate = new();
    readonly List<ServedModel> earlier = [];
    readonly List<ServedModel> ready = [];
    Sensor? sensor;
    Action<string> say = _ => { };
    Func<CascadePlan, IEnumerable<string>> check = _ => [];
    bool isPinned = isPinned;
    long applied;
    long refused;

    /// <summary>Gets what answers new flows.</summary>
    public ServedModel Main { get; private set; } = start;

    public long Applied => Volatile.Read(ref applied);

    public long Refused => Volatile.Read(ref refused);

    /// <summary>Gets the longest time that packets waited for a change.</summary>
    public TimeSpan LongestPause => sensor?.LongestChange ?? TimeSpan.Zero;

    /// <summary>Reads and compiles the model that answers first.</summary>
    /// <param name="path">A repository, a bundle or a version of one.</param>
    /// <param name="model">Which model of a repository; null where it has one only.</param>
    /// <exception cref="InputException">There is none, or it cannot be used.</exception>
    public static ServeModels Open(string path, string? model)
    {
        var repository = ModelRepository.Open(path);
        var name = model is null ? null : ModelName.Parse(model);
        var entry = repository.Find(name?.Name ?? FindOnly(repository, path), name?.Version);
        return new(repository, new(entry, repository.Load(entry, ServedFormats.All)), name?.Version is not null);
    }

    /// <summary>The sensor runs: from now on its models can change.</summary>
    /// <param name="tell">Writes a message.</param>
    /// <param name="checkPlan">Says what is to be known of a plan; throws where it cannot serve here.</param>
    public void Attach(Sensor running, Action<string> tell, Func<CascadePlan, IEnumerable<string>> checkPlan) =>
        (sensor, say, check) = (running, tell, checkPlan);

    /// <summary>Gets the models that answer new flows.</summary>
    public IEnumerable<ServedModel> InUse() => [Main];

    public object Describe()
    {
        lock (gate)
        {
            return new
            {
                Models = InUse().Select(model => new
                {
                    model.Bundle.Plan.Name,
                    model.Bundle.Plan.Version,
                    model.Bundle.Sha256,
                    Path = model.Bundle.Folder,
                    State = "ready",
                    Role = "main",
                    model.Bundle.Plan.Labels,
                    Tiers = model.Bundle.Plan.Tiers.Select(tier => tier.Name),
                }),
                Previous = earlier.Count > 0 ? earlier[^1].Name : null,
                Changes = new { Applied, Refused, LongestPauseUs = Math.Round(LongestPause.TotalMicroseconds, 1) },
                Repository = List(),
            };
        }
    }

    public IReadOnlyList<ModelEntry> List()
    {
        lock (gate)
        {
            var loaded = InUse().Concat(ready).Concat(earlier).Select(model => model.Entry.Folder).ToHashSet();
            return [.. repository.List().Select(entry => entry.Problem is { } problem
                ? new ModelEntry(entry.Name, $"{entry.Version}", "UNAVAILABLE", problem)
                : loaded.Contains(entry.Folder) ? new(entry.Name, VersionOf(entry), "READY", "")
                : new(entry.Name, VersionOf(entry), "UNAVAILABLE", "not loaded"))];
        }
    }

    public ModelChange Activate(string name, int? version) => Activate(name, version, say);

    public ModelChange RollBack() => Change(() => earlier.Count > 0 ? earlier[^1]
        : throw new InputException("no model answered before this one: activate one by its name"), _ =>
    {
        earlier.RemoveAt(earlier.Count - 1);
        isPinned = true;
    }, say);

    public ModelChange Load(string name)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            var model = Read(repository.Find(name, null));
            if (!InUse().Contains(model) && !ready.Contains(model))
            {
                ready.Add(model);
            }

            return Told(model, start, [$"{model.Name}: is ready; activate it to have it answer"]);
        }
    }

    public ModelChange Unload(string name)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            if (InUse().FirstOrDefault(model => model.Entry.Name == name) is { } inUse)
            {
                throw new InputException($"{inUse.Name}: answers flows: activate another model before");
            }

            var entry = repository.Find(name, null);
            var count = ready.RemoveAll(model => model.Entry.Name == name)
                + earlier.RemoveAll(model => model.Entry.Name == name);
            return new(name, VersionOf(entry), Seconds(start), [$"{name}: {count} versions let go of"]);
        }
    }

    /// <summary>Reads the repository again: a newer version of the model that answers takes its place, unless its
    /// version was chosen. Says what there is to say.</summary>
    public IReadOnlyList<string> Reload()
    {
        try
        {
            var problems = repository.List().Where(entry => entry.Problem is not null).Select(entry => entry.Problem!);
            lock (gate)
            {
                var latest = isPinned ? Main.Entry : repository.Find(Main.Entry.Name, null);
                return latest.Version == Main.Entry.Version ? [.. problems]
                    : [.. problems, .. Activate(Main.Entry.Name, null, _ => { }).Messages];
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

    static string VersionOf(RepositoryEntry entry) => entry.Version is > 0 and var version ? $"{version}" : "";

    static double Seconds(long start) => Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 6);

    static ModelChange Told(ServedModel model, long start, IReadOnlyList<string> messages) =>
        new(model.Bundle.Plan.Name, model.Bundle.Plan.Version, Seconds(start), messages);

    ModelChange Activate(string name, int? version, Action<string> tell) =>
        Change(() => Read(repository.Find(name, version)), next =>
        {
            earlier.Remove(next);
            earlier.Add(Main);
            earlier.RemoveRange(0, Math.Max(0, earlier.Count - MostEarlier));
            isPinned = version is not null;
        }, tell);

    /// <summary>Changes what answers, or nothing where that fails, and counts and tells which.</summary>
    ModelChange Change(Func<ServedModel> choose, Action<ServedModel> settle, Action<string> tell)
    {
        lock (gate)
        {
            var start = Stopwatch.GetTimestamp();
            try
            {
                var next = choose();
                if (next == Main)
                {
                    return Told(next, start, [$"{next.Name}: answers already"]);
                }

                var notes = check(next.Bundle.Plan).ToList();
                var isWhole = sensor!.Use(new(next.Sensor), WorkerPatience);
                settle(next);
                var line = $"{next.Name} answers from now on (before: {Main.Name})"
                    + (isWhole ? "" : "; a worker waits for undecided flows of earlier models first");
                Main = next;
                ready.Remove(next);
                applied++;
                notes.Insert(0, line);
                notes.ForEach(tell);
                return Told(next, start, notes);
            }
            catch (InputException e)
            {
                refused++;
                tell($"{e.Message}: {Main.Name} answers as before");
                throw;
            }
        }
    }

    /// <summary>Reads a version and checks every byte of it; one that is known already is compiled and warm.</summary>
    ServedModel Read(RepositoryEntry entry)
    {
        var bundle = repository.Load(entry, ServedFormats.All);
        var key = ServedModel.CreateKey(bundle);
        if (InUse().Concat(ready).Concat(earlier).FirstOrDefault(model => model.Sensor.Key == key) is { } known)
        {
            return known;
        }

        WarmUp.Run(bundle.Plan);
        return new(entry, bundle);
    }
}
