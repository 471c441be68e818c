namespace ServeFlow.Training.TierSelection;

/// <summary>Represents a cascade that the search counted: places of up to four tiers, their levels, and what it
/// does.</summary>
readonly record struct SearchPoint
{
    public required TierChoices Choices { get; init; }

    /// <summary>Gets the number of flows answered rightly.</summary>
    public required int Correct { get; init; }

    /// <summary>Wrong answers of the first tier that it passes on, and all of them.</summary>
    public required (int Caught, int Wrong) FirstErrors { get; init; }

    /// <summary>Gets the number of flows answered by tiers that need one packet.</summary>
    public required int FirstPacket { get; init; }

    public required double MeanMs { get; init; }

    /// <summary>Gets the median time to an answer in milliseconds, to a twentieth.</summary>
    public required double MedianMs { get; init; }

    /// <summary>Computing per flow.</summary>
    public required double ComputeNs { get; init; }
}

/// <summary>Represents a tier of the search and how much it answers: places in its lists. The last tier answers
/// all.</summary>
readonly record struct TierChoice(int Tier, int Level);

/// <summary>Up to four tiers without an allocation for each of the millions of cascades.</summary>
readonly record struct TierChoices(int Count, TierChoice First, TierChoice Second, TierChoice Third, TierChoice Fourth)
    : IComparable<TierChoices>
{
    public TierChoice this[int tier] => tier switch { 0 => First, 1 => Second, 2 => Third, _ => Fourth };

    /// <summary>Fewer tiers first; then in the order of the candidates: settles what is otherwise equal.</summary>
    public int CompareTo(TierChoices other)
    {
        var order = Count.CompareTo(other.Count);
        for (var tier = 0; tier < Count && order == 0; tier++)
        {
            order = (this[tier].Tier, this[tier].Level).CompareTo((other[tier].Tier, other[tier].Level));
        }

        return order;
    }
}
