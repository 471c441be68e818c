using ServeFlow.Cascade.Drift;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Serving.Sensors;

/// <summary>Watches whether the traffic still is like that of training.</summary>
public sealed partial class Sensor
{
    readonly DriftMonitor? drift;

    /// <summary>Compares what the workers have counted; on the thread that watches over the sensor.</summary>
    void PollDrift()
    {
        foreach (var change in drift?.Poll() ?? [])
        {
            say(DriftText.Format(change, DateTime.UtcNow));
            var line = DriftEvent.Format(change, Plans[0]);
            sinks.ForEach(sink => sink.WriteNote(line));
        }
    }
}
