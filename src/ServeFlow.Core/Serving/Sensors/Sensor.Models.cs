using System.Diagnostics;
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

    /// <summary>Holds, by model, a lane for each worker: of the models in use, and of those in use before.</summary>
    Dictionary<int, PlanLane[]> lanes = [];

    Dictionary<int, PlanLane[]> earlierLanes = [];

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
    /// <returns>False where a worker has not yet changed after that time; it will.</returns>
    /// <exception cref="InputException">A model does not fit this sensor: nothing was changed.</exception>
    public bool Use(SensorModels models, TimeSpan timeout)
    {
        lock (modelGate)
        {
            var main = Prepare(models.Main);
            var canary = models.Canary is { } chosen ? Prepare(chosen) : null;
            shadows = PrepareShadow(models);
            earlierLanes = lanes;
            lanes = new[] { main, canary }.OfType<PlanLane[]>().Where(lane => lane.Length > 0)
                .DistinctBy(lane => lane[0].Model).ToDictionary(lane => (int)lane[0].Model);
            for (var i = 0; i < workers.Count; i++)
            {
                workers[i].Worker.Use(new(main[i], canary?[i], models.Share, shadows.Runs.ElementAtOrDefault(i)));
            }
        }

        var start = Stopwatch.GetTimestamp();
        while (!workers.TrueForAll(worker => worker.IsChanged))
        {
            if (Stopwatch.GetElapsedTime(start) >= timeout)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>Makes a comparison for each worker; one of the same plans goes on.</summary>
    (int Main, int Shadow, ShadowRun[] Runs) PrepareShadow(SensorModels models)
    {
        if (models.Shadow is not { } shadow)
        {
            return (0, 0, []);
        }

        CheckFit(shadow.Plan);
        var pair = (Main: Plans.Add(models.Main.Plan, models.Main.Key), Shadow: Plans.Add(shadow.Plan, shadow.Key));
        return (shadows.Main, shadows.Shadow) == pair && shadows.Runs.Length > 0 ? shadows
            : (pair.Main, pair.Shadow, [.. workers.Select((_, i) => new ShadowRun((models.Main.Plan, pair.Main),
                (shadow.Plan, pair.Shadow), workerOptions, Plans, disagreements[i]))]);
    }

    /// <summary>Makes a lane for each worker, or finds those that there are.</summary>
    PlanLane[] Prepare(SensorModel model)
    {
        CheckFit(model.Plan);
        var number = Plans.Add(model.Plan, model.Key);
        return lanes.GetValueOrDefault(number) ?? earlierLanes.GetValueOrDefault(number)
            ?? [.. workers.Select(worker => worker.Worker.CreateLane(model.Plan, number))];
    }

    void CheckFit(CascadePlan plan)
    {
        PlanLimits.Check(plan);
        var first = Plans[0];
        if (plan.Window != first.Window)
        {
            throw new InputException($"{plan.Name} {plan.Version}: classifies {Unit(plan.Window)}, and this sensor "
                + $"{Unit(first.Window)}, which its outputs are laid out for: restart it with that model");
        }

        static string Unit(TimeSpan? window) => window is { } length ? $"windows of {length.TotalSeconds} s"
            : "whole flows";
    }
}
