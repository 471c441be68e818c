namespace ServeFlow.Serving.Sensors;

/// <summary>Watches whether the traffic still is like that of training.</summary>
public sealed partial class Sensor
{
    /// <summary>Holds what watches the answers to each task.</summary>
    readonly IReadOnlyList<DriftWatch> drifts;

    /// <summary>Compares what the workers have counted; on the thread that watches over the sensor.</summary>
    void PollDrift()
    {
        for (var task = 0; task < drifts.Count; task++)
        {
            foreach (var news in drifts[task].Poll(DateTime.UtcNow))
            {
                say(Plans.Tasks > 1 ? $"{Plans[task].Task}: {news.Text}" : news.Text);
                if (news.Line is { } line)
                {
                    sinks.ForEach(sink => sink.WriteNote(line));
                }
            }
        }
    }
}
