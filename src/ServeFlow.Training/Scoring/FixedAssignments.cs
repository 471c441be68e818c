namespace ServeFlow.Training.Scoring;

/// <summary>The two assignments that calibrated ones are held against.</summary>
public static class FixedAssignments
{
    /// <summary>Draws the flows to escalate at random.</summary>
    /// <param name="positions">Positions of the flows to draw from.</param>
    /// <param name="count">How many of them are escalated.</param>
    public static int[] Random(ReadOnlySpan<int> positions, int count, Random random)
    {
        var drawn = positions.ToArray();
        random.Shuffle(drawn);
        return drawn[..count];
    }

    /// <summary>
    /// Gets the tier at which an oracle would answer the flow: the first that is right; the first of all where none is,
    /// for waiting would win nothing.
    /// </summary>
    public static int OracleTier(IReadOnlyList<Predictions> tiers, int flow, int label)
    {
        for (var t = 0; t < tiers.Count; t++)
        {
            if (tiers[t].TopClass(flow) == label)
            {
                return t;
            }
        }

        return 0;
    }
}
