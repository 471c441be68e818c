namespace ServeFlow.Cascade.Drift;

/// <summary>Says where the counts of a window stand in an array of numbers.</summary>
/// <param name="Tiers">Tiers of the cascade.</param>
/// <param name="Classes">Classes that are watched one by one; the others are counted together behind them.</param>
/// <param name="Questions">Questions whose answers are counted.</param>
public readonly record struct DriftLayout(int Tiers, int Classes, int Questions)
{
    /// <summary>Specifies what a confidence of 1 adds to a sum: counts are whole numbers.</summary>
    public const int ConfidenceUnit = 1 << 16;

    /// <summary>Specifies the place of the number of flows.</summary>
    public const int Flows = 0;

    /// <summary>Specifies the place of the number of flows answered <c>unknown</c>.</summary>
    public const int Unknown = 1;

    /// <summary>Specifies the place of the number of flows that were asked the questions.</summary>
    public const int Sampled = 2;

    /// <summary>Specifies the place of the packet time of the first answer, nanoseconds since the Unix epoch.</summary>
    public const int FirstNs = 3;

    /// <summary>Specifies the place of the packet time of the last answer.</summary>
    public const int LastNs = 4;

    const int Fixed = 5;

    /// <summary>Gets the length of the array.</summary>
    public int Length => Question(Questions);

    /// <summary>Gets the place of the number of flows that a tier answered.</summary>
    public int Tier(int tier) => Fixed + tier;

    /// <summary>Gets the place of the number of flows answered by a class.</summary>
    public int Class(int place) => Fixed + Tiers + place;

    /// <summary>Gets the place of the sum of confidences of a class.</summary>
    public int Confidence(int place) => Fixed + Tiers + Classes + 1 + place;

    /// <summary>Gets the place of the number of sampled flows that answer a question with yes.</summary>
    public int Question(int question) => Fixed + Tiers + (2 * (Classes + 1)) + question;

    /// <summary>Adds the counts of one array to another, and joins their times.</summary>
    public void Add(Span<long> sum, ReadOnlySpan<long> counts)
    {
        var (first, last) = (sum[FirstNs], sum[LastNs]);
        var isEmpty = sum[Flows] == 0;
        for (var i = 0; i < Length; i++)
        {
            sum[i] += counts[i];
        }

        sum[FirstNs] = isEmpty ? counts[FirstNs] : Math.Min(first, counts[FirstNs]);
        sum[LastNs] = isEmpty ? counts[LastNs] : Math.Max(last, counts[LastNs]);
    }
}
