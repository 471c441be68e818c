using System.Runtime.CompilerServices;

namespace ServeFlow.Telemetry;

/// <summary>
/// Counts events by reason. Every early return in Packets and Flows increments exactly one counter, so that totals can
/// be checked against what came in. Owned by one worker; merge with <see cref="Add"/>.
/// </summary>
/// <typeparam name="TReason">An enum over <see cref="int"/> whose values are 0, 1, 2, … without gaps.</typeparam>
public sealed class Tally<TReason> where TReason : struct, Enum
{
    readonly long[] counts = new long[Enum.GetValues<TReason>().Length];

    /// <summary>Gets how often <paramref name="reason"/> was counted.</summary>
    public long this[TReason reason] => counts[Unsafe.BitCast<TReason, int>(reason)];

    /// <summary>Gets the sum over all reasons.</summary>
    public long Total => counts.Sum();

    public void Count(TReason reason) => counts[Unsafe.BitCast<TReason, int>(reason)]++;

    public void Count(TReason reason, long times) => counts[Unsafe.BitCast<TReason, int>(reason)] += times;

    public void Add(Tally<TReason> other)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] += other.counts[i];
        }
    }

    /// <summary>Returns the reasons that occurred, in the enum's order.</summary>
    public IEnumerable<(TReason Reason, long Count)> NonZero()
    {
        foreach (var reason in Enum.GetValues<TReason>())
        {
            if (this[reason] != 0)
            {
                yield return (reason, this[reason]);
            }
        }
    }

    /// <summary>Returns the counts behind a sum as a text has them: <c> (idle_timeout 147, forced_end 1,143)</c>, or
    /// nothing where nothing was counted.</summary>
    public string FormatParts() => Total == 0 ? "" : " ("
        + string.Join(", ", NonZero().Select(entry => $"{SnakeCase.From(entry.Reason)} {entry.Count:N0}")) + ")";

    /// <summary>Returns the counts of the reasons that occurred, by the names that records and metrics have.</summary>
    public OrderedDictionary<string, long> ByName() =>
        new(NonZero().Select(entry => KeyValuePair.Create(SnakeCase.From(entry.Reason), entry.Count)));
}
