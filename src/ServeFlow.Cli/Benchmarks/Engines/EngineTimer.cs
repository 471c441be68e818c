using System.Diagnostics;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>
/// Times engines in turn, round after round, so that whatever disturbs the machine hits all alike. The best round of
/// each counts: everything that disturbs one makes it slower.
/// </summary>
static class EngineTimer
{
    public const int Rounds = 10;

    /// <returns>Nanoseconds a row, for each engine all rounds.</returns>
    public static double[][] Time(IReadOnlyList<IEngine> engines, int rows, TimeSpan slice,
        IProgress<double> progress, CancellationToken cancel)
    {
        var times = engines.Select(_ => new double[Rounds]).ToArray();
        var next = new int[engines.Count];
        for (var round = 0; round < Rounds; round++)
        {
            for (var e = 0; e < engines.Count; e++)
            {
                cancel.ThrowIfCancellationRequested();
                times[e][round] = TimeSlice(engines[e], rows, slice, ref next[e]);
                progress.Report(((round * engines.Count) + e + 1.0) / (Rounds * engines.Count));
            }
        }

        return times;
    }

    /// <summary>Goes on through the rows from where the round before ended: no slice finds its rows in the first
    /// caches.</summary>
    static double TimeSlice(IEngine engine, int rows, TimeSpan slice, ref int next)
    {
        var done = 0;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            var count = Math.Min(engine.Batch, rows - next);
            engine.Score(next, count);
            done += count;
            next = next + count < rows ? next + count : 0;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < slice);

        return elapsed.TotalNanoseconds / done;
    }
}
