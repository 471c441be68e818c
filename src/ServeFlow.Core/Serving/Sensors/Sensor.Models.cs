using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Sensors;

/// <summary>Changes the models that answer while packets come; docs/changing-models.md.</summary>
public sealed partial class Sensor
{
    readonly Lock modelGate = new();

    /// <summary>Holds, by worker, what takes the answers that a shadow disagrees on; null for nothing.</summary>
    readonly List<QueuedSink?> disagreements = [];

    readonly WorkerOptions workerOptions;

    /// <summary>Holds the lanes of each task.</summary>
    readonly IReadOnlyList<ModelLanes> lanes;

    /// <summary>Holds the comparison of each worker, and what it compares; empty where there is none.</summary>
    (int Main, int Shadow, ShadowRun[] Runs) shadows = (0, 0, []);

    /// <summary>Gets the longest time that a worker took to change its models, between two bursts.</summary>
    public TimeSpan LongestChange => workers.Select(worker => worker.Worker.LongestChange).DefaultIfEmpty().Max();

    /// <summary>
    /// Sums what the shadow's answers were compared with; null where none follows. Callable from any thread.
    /// </summary>
    public AnswerComparison? SumComparisons()
    {
        var (main, shadow, runs) = shadows;
        if (runs.Length == 0)
        {
            return null;
        }

        var sum = new AnswerComparison(Plans[main], Plans[shadow]);
        Array.ForEach(runs, run => sum.Add(run.Comparison));
        return sum;
    }

    /// <summary>
    /// Has new flows answered by these models from each worker's next burst on; flows that wait for their answer get it
    /// from the model that they began with. Everything is made ready on the calling thread before.
    /// </summary>
    /// <param name="timeout">How long to wait for the workers.</param>
    /// <param name="task">The task that they answer, from 0; the first alone has a canary or a shadow.</param>
    /// <returns>False where a worker has not yet changed after that time; it will.</returns>
    /// <exception cref="InputException">A model does not fit this sensor: nothing was changed.</exception>
    public bool Use(SensorModels models, TimeSpan timeout, int task = 0)
    {
        lock (modelGate)
        {
            var main = Prepare(models.Main, task);
            var canary = models.Canary is { } chosen ? Prepare(chosen, task) : null;
            shadows = PrepareShadow(models);
            lanes[task].Use(canary is null ? [main] : [main, canary]);
            Compare(main, canary, task, models.Main.Plan);
            for (var i = 0; i < workers.Count; i++)
            {
                var now = workers[i].Worker.Wanted;
                workers[i].Worker.Use(task > 0 ? now.With(task, main[i])
                    : new(main[i], canary?[i], models.Share, shadows.Runs.ElementAtOrDefault(i))
                    {
                        Further = now.Further,
                    });
            }
        }

        var limit = new TimeLimit(timeout);
        while (!workers.TrueForAll(worker => worker.IsChanged))
        {
            if (limit.Left == TimeSpan.Zero)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>Checks that new flows could be answered by a model, and changes nothing.</summary>
    /// <param name="task">The task that it would answer, from 0.</param>
    /// <exception cref="InputException">It does not fit this sensor.</exception>
    public void Check(SensorModel model, int task = 0)
    {
        lock (modelGate)
        {
            CheckFit(model.Plan);
            Plans.Check(model.Plan with { Task = Plans[task].Task }, model.Key);
        }
    }

    /// <summary>Has the answers of the main model compared with its own baseline, and those of a canary with none.
    /// </summary>
    void Compare(PlanLane[] main, PlanLane[]? canary, int task, CascadePlan plan)
    {
        drifts[task].Use(plan, main.Length > 0 ? main[0].Model : 0);
        for (var i = 0; i < main.Length; i++)
        {
            main[i].Drift = drifts[task].FindCounter(i);
            canary?[i].Drift = null;
        }
    }

    /// <summary>Makes a comparison for each worker; one of the same plans goes on.</summary>
    (int Main, int Shadow, ShadowRun[] Runs) PrepareShadow(SensorModels models)
    {
        if (models.Shadow is not { } shadow)
        {
            return (0, 0, []);
        }

        if (lanes.Count > 1)
        {
            throw new InputException("a sensor of several tasks has no shadow: give one task");
        }

        CheckFit(shadow.Plan);
        var pair = (Main: Plans.Add(models.Main.Plan, models.Main.Key), Shadow: Plans.Add(shadow.Plan, shadow.Key));
        return (shadows.Main, shadows.Shadow) == pair && shadows.Runs.Length > 0 ? shadows
            : (pair.Main, pair.Shadow, [.. workers.Select((worker, i) => new ShadowRun(worker.Worker,
                (models.Main.Plan, pair.Main), (shadow.Plan, pair.Shadow), workerOptions, Plans, disagreements[i]))]);
    }

    /// <summary>Makes a lane for each worker, or finds those that there are.</summary>
    PlanLane[] Prepare(SensorModel model, int task)
    {
        CheckFit(model.Plan);
        var plan = model.Plan with { Task = Plans[task].Task };
        var number = Plans.Add(plan, model.Key);
        return lanes[task].Find(number)
            ?? [.. workers.Select(worker => worker.Worker.CreateLane(plan, number, task))];
    }

    void CheckFit(CascadePlan plan)
    {
        PlanLimits.Check(plan);
        var first = Plans[0];
        if (plan.Window != first.Window)
        {
            throw new InputException($"{plan.Name} {plan.Version}: classifies {Unit(plan.Window)}, and this sensor "
                + $"{Unit(first.Window)}, which its outputs are laid out for: give it a sensor of its own");
        }

        if (Plans.Tasks > 1 && plan.Flows != first.Flows)
        {
            throw new InputException($"{plan.Name} {plan.Version}: was trained with other rules for the end of flows "
                + "than the models of the other tasks: restart the sensor with models that fit together");
        }

        static string Unit(TimeSpan? window) => window is { } length ? $"windows of {length.TotalSeconds} s"
            : "whole flows";
    }

    /// <summary>Holds, by model, a lane for each worker: of a task's models in use, and of those before.</summary>
    sealed class ModelLanes
    {
        Dictionary<int, PlanLane[]> now = [];
        Dictionary<int, PlanLane[]> earlier = [];

        public PlanLane[]? Find(int model) => now.GetValueOrDefault(model) ?? earlier.GetValueOrDefault(model);

        public void Use(IEnumerable<PlanLane[]> used)
        {
            earlier = now;
            now = used.Where(lane => lane.Length > 0).DistinctBy(lane => lane[0].Model)
                .ToDictionary(lane => (int)lane[0].Model);
        }
    }
}
