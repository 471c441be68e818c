using System.Collections.Concurrent;
using System.Numerics;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets;

/// <summary>Counts the odd things about decoded packets, each by its name. One worker counts; any thread may add the
/// counts to others meanwhile.</summary>
public sealed class OddityTally
{
    readonly long[] counts = new long[sizeof(PacketOddities) * 8];

    /// <summary>Holds the tunnels that stayed shut, by port or protocol. There is room for more kinds than there
    /// are.</summary>
    readonly ConcurrentDictionary<(ushort Port, byte Protocol), long> shut = new(concurrencyLevel: 1, capacity: 128);

    public long this[PacketOddities single] => counts[BitOperations.TrailingZeroCount((int)single)];

    /// <summary>Counts every flag that is set; mostly none is.</summary>
    public void Count(PacketOddities oddities)
    {
        for (var left = (uint)oddities; left != 0; left &= left - 1)
        {
            counts[BitOperations.TrailingZeroCount(left)]++;
        }
    }

    /// <summary>Counts what is odd about a packet, and the port of a tunnel that stayed shut.</summary>
    public void Count(in PacketHeaders headers)
    {
        if (headers.Oddities == PacketOddities.None)
        {
            return;
        }

        // The kind comes first, and Add reads it last, so that no tunnel is counted without its port.
        if ((headers.Oddities & PacketOddities.TunnelNotOpened) != 0)
        {
            shut.AddOrUpdate((headers.ShutPort, headers.Protocol), 1, static (_, count) => count + 1);
        }

        Count(headers.Oddities);
    }

    public void Add(OddityTally other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }

        foreach (var (key, count) in other.shut)
        {
            shut.AddOrUpdate(key, count, (_, sum) => sum + count);
        }
    }

    /// <summary>Returns the oddities that occurred, in the enum's order.</summary>
    public IEnumerable<(PacketOddities Oddity, long Count)> NonZero() =>
        Enum.GetValues<PacketOddities>()
            .Where(oddity => oddity != PacketOddities.None && this[oddity] != 0)
            .Select(oddity => (oddity, this[oddity]));

    /// <summary>
    /// Lists the oddities that occurred, by name: <c>tunnel_not_opened{port=4789}</c> where the port is known, or
    /// <c>tunnel_not_opened{protocol=47}</c>. Each is counted under one name.
    /// </summary>
    public IEnumerable<(string Name, long Count)> Named() => NonZero().SelectMany(entry =>
        entry.Oddity == PacketOddities.TunnelNotOpened && !shut.IsEmpty
            ? shut.OrderBy(pair => pair.Key).Select(pair => (Name(pair.Key.Port, pair.Key.Protocol), pair.Value))
            : [(SnakeCase.From(entry.Oddity), entry.Count)]);

    static string Name(ushort port, byte protocol) =>
        SnakeCase.From(PacketOddities.TunnelNotOpened) + (port != 0 ? $"{{port={port}}}" : $"{{protocol={protocol}}}");
}
