using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Serving.Sensors;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Tells what a sensor was given to write and did not: never without a word, nor with exit code 0.</summary>
static class ServeLosses
{
    /// <summary>Gets a line for each output that lost anything, with what to do about it.</summary>
    public static IEnumerable<string> Lines(SensorStatistics statistics)
    {
        foreach (var sink in statistics.Sinks)
        {
            if (sink.Lost + sink.Failed > 0)
            {
                yield return $"{sink.Name}: {sink.Lost + sink.Failed:N0} records were not written{Remedy(sink)}";
            }

            if (SpoolCounts.CountLost(sink.Delivery) is > 0 and var lost)
            {
                yield return $"{sink.Name}: {lost:N0} records in the spool were dropped or damaged, and never "
                    + "delivered; give it a larger --spool-size, a faster receiver, or a sound disk";
            }
        }

        if (statistics.Dump is { } dump && dump.Lost + dump.Failed > 0)
        {
            yield return $"flow dump: {dump.Lost + dump.Failed:N0} packets of chosen flows were not written; give it a "
                + "faster disk with room, or narrower --dump-flows";
        }
    }

    /// <summary>Says what to do. An output that fails fills its queue too, and no larger one would help.</summary>
    static string Remedy(SinkStatistics sink) => sink.Failed > 0
        ? "; see above what failed"
        : "; give a faster output, a larger --queue or a longer --stop-timeout";
}
