using ServeFlow.Cascade.Drift;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Serving.Sensors;

/// <summary>Watches whether the traffic still is like that of training.</summary>
public sealed partial class Sensor
{
    /// <summary>Holds what watches the answers to each task; null where its bundle has no baseline.</summary>
    readonly IReadOnlyList<DriftMonitor?> drifts;

    /// <summary>Compares what the workers have counted; on the thread that watches over the sensor.</summary>
    void PollDrift()
    {
        for (var task = 0; task < drifts.Count; task++)
        {
            foreach (var change in drifts[task]?.Poll() ?? [])
            {
                say(Named(task, DriftText.Format(change, DateTime.UtcNow)));
                var line = DriftEvent.Format(change, Plans[task]);
                sinks.ForEach(sink => sink.WriteNote(line));
            }
        }
    }

    string Named(int task, string text) => Plans.Tasks > 1 ? $"{Plans[task].Task}: {text}" : text;
}
