using System.Diagnostics;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Serving.Sensors;

/// <summary>Changes the models that answer while packets come; docs/changing-models.md.</summary>
public sealed partial class Sensor
{
    readonly Lock modelGate = new();

    /// <summary>Holds, by model, a lane for each worker: of the models in use, and of those in use before.</summary>
    Dictionary<int, PlanLane[]> lanes = [];

    Dictionary<int, PlanLane[]> earlierLanes = [];

    /// <summary>Gets the longest time that a worker took to change its models, between two bursts.</summary>
    public TimeSpan LongestChange => workers.Select(worker => worker.Worker.LongestChange).DefaultIfEmpty().Max();

    /// <summary>
    /// Has new flows answered by these models from each worker's next burst on; flows that wait for their answer get it
    /// from the model that they began with. Everything is made ready on the calling thread before.
    /// </summary>
    /// <param name="patience">How long to wait for the workers.</param>
    /// <returns>False where a worker has not yet changed after that time; it will.</returns>
    /// <exception cref="InputException">A model does not fit this sensor: nothing was changed.</exception>
    public bool Use(SensorModels models, TimeSpan patience)
    {
        lock (modelGate)
        {
            var main = Prepare(models.Main);
            var canary = models.Canary is { } chosen ? Prepare(chosen) : null;
            earlierLanes = lanes;
            lanes = new[] { main, canary }.OfType<PlanLane[]>().Where(lane => lane.Length > 0)
                .DistinctBy(lane => lane[0].Model).ToDictionary(lane => (int)lane[0].Model);
            for (var i = 0; i < workers.Count; i++)
            {
                workers[i].Worker.Use(new(main[i], canary?[i], models.Share));
            }
        }

        var start = Stopwatch.GetTimestamp();
        while (!workers.TrueForAll(worker => worker.IsChanged))
        {
            if (Stopwatch.GetElapsedTime(start) >= patience)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    /// <summary>Makes a lane for each worker, or finds those that there are.</summary>
    PlanLane[] Prepare(SensorModel model)
    {
        PlanLimits.Check(model.Plan);
        var first = Plans[0];
        if (model.Plan.Window != first.Window)
        {
            throw new InputException($"{model.Plan.Name} {model.Plan.Version}: classifies {Unit(model.Plan.Window)}, "
                + $"and this sensor {Unit(first.Window)}, which its outputs are laid out for: restart it with that "
                + "model");
        }

        var number = Plans.Add(model.Plan, model.Key);
        return lanes.GetValueOrDefault(number) ?? earlierLanes.GetValueOrDefault(number)
            ?? [.. workers.Select(worker => worker.Worker.CreateLane(model.Plan, number))];

        static string Unit(TimeSpan? window) => window is { } length ? $"windows of {length.TotalSeconds} s"
            : "whole flows";
    }
}
