using ServeFlow.Packets;

namespace ServeFlow.Serving.Sources;

/// <summary>Counts the packets that may still be taken, all workers together.</summary>
sealed class PacketBudget(long packets)
{
    long left = packets;

    public bool IsSpent => Interlocked.Read(ref left) <= 0;

    /// <summary>Takes a burst out of the budget; leaves in it what there is budget for.</summary>
    public void Spend(PacketBurst burst)
    {
        var count = 0;
        foreach (ref readonly var packet in burst.Packets)
        {
            count += packet.IsTick ? 0 : 1;
        }

        var beyond = Math.Min(count, -Interlocked.Add(ref left, -count));
        while (beyond > 0)
        {
            beyond -= burst.Packets[^1].IsTick ? 0 : 1;
            burst.Truncate(burst.Count - 1);
        }
    }
}
