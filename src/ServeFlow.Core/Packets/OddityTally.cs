using System.Numerics;

namespace ServeFlow.Packets;

/// <summary>Counts the odd things about decoded packets, each by its name. Owned by one worker.</summary>
public sealed class OddityTally
{
    readonly long[] counts = new long[sizeof(PacketOddities) * 8];

    public long this[PacketOddities single] => counts[BitOperations.TrailingZeroCount((int)single)];

    /// <summary>Counts every flag that is set; mostly none is.</summary>
    public void Count(PacketOddities oddities)
    {
        for (var left = (uint)oddities; left != 0; left &= left - 1)
        {
            counts[BitOperations.TrailingZeroCount(left)]++;
        }
    }

    public void Add(OddityTally other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }
    }

    /// <summary>The oddities that occurred, in the enum's order.</summary>
    public IEnumerable<(PacketOddities Oddity, long Count)> NonZero() =>
        Enum.GetValues<PacketOddities>()
            .Where(oddity => oddity != PacketOddities.None && this[oddity] != 0)
            .Select(oddity => (oddity, this[oddity]));
}
