using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures.Reading;

/// <summary>Keeps every damage of one capture by reason, and the first places of it.</summary>
sealed class DamageLog
{
    /// <summary>Enough to look into a file by hand; a file of garbage must not fill the memory.</summary>
    const int MaxPlaces = 100;

    readonly List<Damage> places = [];
    long passedOver;
    long firstOddity;
    long oddities;

    public Tally<DamageReason> Counts { get; } = new();

    public IReadOnlyList<Damage> Places => places;

    public void Add(long offset, DamageReason reason, long resynchronisedAt = -1)
    {
        Counts.Count(reason);
        passedOver++;
        if (places.Count < MaxPlaces)
        {
            places.Add(new(offset, reason, resynchronisedAt));
        }
    }

    /// <summary>Counts a record that is odd and used all the same.</summary>
    public void AddOddity(long offset, DamageReason reason)
    {
        Counts.Count(reason);
        firstOddity = oddities++ == 0 ? offset : firstOddity;
    }

    /// <summary>Describes the damage in one line, with byte offsets; null where there is none.</summary>
    /// <param name="name">What the line calls the capture.</param>
    /// <param name="packets">How many packets could be read.</param>
    public string? Describe(string name, long packets)
    {
        var odd = oddities == 0 ? ""
            : $"{oddities} records with an odd timestamp, the first at byte {firstOddity}; ";
        if (places.Count == 0)
        {
            return oddities == 0 ? null : $"{name}: {odd}{packets} packets read";
        }

        var first = places[0];
        var then = first.Reason == DamageReason.ExpansionLimit
            ? "reading stopped there: raise --max-expansion or --max-expanded-bytes if this is no decompression bomb"
            : first.ResynchronisedAt < 0 ? "reading ended there" : $"read on at byte {first.ResynchronisedAt}";
        var more = passedOver > 1 ? $"; {passedOver} damaged places in all" : "";
        return $"{name}: {first.Reason.Text()} at byte {first.Offset}, {then}{more}; {odd}{packets} packets read";
    }
}
