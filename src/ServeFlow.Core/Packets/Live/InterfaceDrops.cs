using System.Globalization;

namespace ServeFlow.Packets.Live;

/// <summary>
/// Counts what an interface lost since capturing began: packets for which the device had no buffer. The kernel's
/// <c>rx_dropped</c> is left out: it also counts what nobody but the capture wanted.
/// </summary>
sealed class InterfaceDrops(string name)
{
    readonly long atStart = Count(name);

    public long Read() => Math.Max(0, Count(name) - atStart);

    static long Count(string name) => Statistic(name, "rx_missed_errors") + Statistic(name, "rx_fifo_errors");

    static long Statistic(string name, string which)
    {
        try
        {
            var text = File.ReadAllText($"/sys/class/net/{name}/statistics/{which}");
            return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (Exception error) when (error.IsFileFailure)
        {
            return 0;
        }
    }
}
