using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Captures;

/// <summary>Every damage of one capture by reason, and the first places of it.</summary>
sealed class DamageLog
{
    /// <summary>Enough to look into a file by hand; a file of garbage must not fill the memory.</summary>
    const int MaxPlaces = 100;

    readonly List<Damage> places = [];

    public Tally<DamageReason> Counts { get; } = new();

    public IReadOnlyList<Damage> Places => places;

    public void Add(long offset, DamageReason reason, long resynchronisedAt = -1)
    {
        Counts.Count(reason);
        if (places.Count < MaxPlaces)
        {
            places.Add(new(offset, reason, resynchronisedAt));
        }
    }

    public string? Describe(string path, long packets)
    {
        if (places.Count == 0)
        {
            return null;
        }

        var first = places[0];
        var then = first.ResynchronisedAt < 0 ? "reading ended there" : $"read on at byte {first.ResynchronisedAt}";
        var more = Counts.Total > 1 ? $"; {Counts.Total} damaged places in all" : "";
        return $"{CaptureFormat.Name(path)}: {first.Reason.Text()} at byte {first.Offset}, {then}{more}; " +
               $"{packets} packets read";
    }
}
