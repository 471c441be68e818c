using System.Globalization;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Reads how long the calling thread was ready to run and had no core, because others had them.</summary>
static class CoreWait
{
    /// <summary>Nanoseconds on a core, nanoseconds of waiting for one, and time slices.</summary>
    const string Path = "/proc/thread-self/schedstat";

    /// <summary>Reads the wait since the thread began; zero where the system does not tell.</summary>
    public static TimeSpan Read()
    {
        try
        {
            var fields = File.ReadAllText(Path).Split(' ');
            return TimeSpan.FromMicroseconds(long.Parse(fields[1], CultureInfo.InvariantCulture) / 1000.0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TimeSpan.Zero;
        }
    }
}
