namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Says how much longer work takes on a machine while other threads are busy: they share caches and memory, and two
/// threads of one core share that core.
/// </summary>
/// <param name="Cores">The physical cores.</param>
/// <param name="Threads">The threads of all cores.</param>
/// <param name="Sharing">How much longer work takes with each doubling of the busy cores.</param>
/// <param name="Siblings">How much longer work takes while the other thread of its core is busy too.</param>
/// <param name="MaxFlows">New flows a second that memory takes of all threads together.</param>
sealed record Machine(int Cores, int Threads, double Sharing, double Siblings, double MaxFlows)
{
    /// <summary>Computes how many times as long work takes as it does on a machine that is idle otherwise.</summary>
    /// <param name="busy">The threads that work, this one among them.</param>
    public double Slowdown(int busy)
    {
        var placed = Math.Clamp(busy, 1, Threads);
        var cores = Math.Min(placed, Cores);
        var shared = placed - cores;
        var speed = cores - shared + (2 * shared / Siblings);
        return (1 + (Sharing * Math.Log2(cores))) * Math.Max(placed, busy) / speed;
    }

    /// <summary>Computes how many lone threads would do the work of all threads of the machine.</summary>
    public double LoneThreads => Threads / Slowdown(Threads);
}
