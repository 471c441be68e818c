namespace ServeFlow.Tests;

/// <summary>What this thread allocates.</summary>
static class AllocatedBytes
{
    /// <summary>
    /// The least of several measurements: a collection meanwhile, for other tests' sake, counts a whole allocation
    /// context, but work that allocates does so every time.
    /// </summary>
    /// <param name="work">Given the number of the measurement, from 1.</param>
    public static long Min(Action<int> work) => Enumerable.Range(1, 3).Min(number =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work(number);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
