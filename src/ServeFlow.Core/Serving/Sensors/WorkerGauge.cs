using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Publishes one worker's numbers to other threads while it works. The worker writes them between two increments of a
/// version; a reader that sees the version odd or changed reads again. Nobody waits on the worker's side.
/// </summary>
sealed class WorkerGauge
{
    const int Fixed = 8;

    readonly long[] cells = new long[Cells];
    long version;

    /// <summary>Gets the number of cells; there is room for every tier that may come.</summary>
    public static int Cells => Fixed + (2 * ServedPlans.MaxTiers);

    /// <summary>Gets a number that grows as long as the worker asks for packets.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>The worker's thread alone.</summary>
    public void Publish(Worker worker)
    {
        var account = worker.Account;
        Volatile.Write(ref version, version + 1);
        Thread.MemoryBarrier();
        Volatile.Write(ref cells[0], account.Received);
        Volatile.Write(ref cells[1], account.Tracked);
        Volatile.Write(ref cells[2], account.Untracked.Total);
        Volatile.Write(ref cells[3], account.Ignored.Total);
        Volatile.Write(ref cells[4], account.Created);
        Volatile.Write(ref cells[5], account.Active);
        Volatile.Write(ref cells[6], worker.Undecided);
        Volatile.Write(ref cells[7], account.Decisions[DecisionReason.Overload]);
        for (var tier = 0; tier < account.DecisionsByTier.Length; tier++)
        {
            Volatile.Write(ref cells[Fixed + tier], account.DecisionsByTier[tier]);
            Volatile.Write(ref cells[Fixed + ServedPlans.MaxTiers + tier], account.ShedByTier[tier]);
        }

        Volatile.Write(ref version, version + 1);
    }

    /// <summary>Reads the statistics from the sum of several gauges' cells.</summary>
    /// <param name="tiers">Tiers that have come so far.</param>
    public static SensorStatistics Read(ReadOnlySpan<long> sum, int tiers, IReadOnlyList<SinkStatistics> sinks) =>
        new(sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum.Slice(Fixed, tiers).ToArray(),
            sum.Slice(Fixed + ServedPlans.MaxTiers, tiers).ToArray(), sinks);

    /// <summary>Adds the numbers of one moment to <paramref name="sum"/>.</summary>
    public void AddTo(Span<long> sum)
    {
        Span<long> copy = stackalloc long[cells.Length];
        var wait = new SpinWait();
        while (!TryCopy(copy))
        {
            wait.SpinOnce();
        }

        for (var i = 0; i < copy.Length; i++)
        {
            sum[i] += copy[i];
        }
    }

    bool TryCopy(Span<long> copy)
    {
        var before = Volatile.Read(ref version);
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = Volatile.Read(ref cells[i]);
        }

        Thread.MemoryBarrier();
        return (before & 1) == 0 && Volatile.Read(ref version) == before;
    }
}
