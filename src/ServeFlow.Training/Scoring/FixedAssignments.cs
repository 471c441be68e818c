namespace ServeFlow.Training.Scoring;

/// <summary>The two assignments that calibrated ones are held against.</summary>
public static class FixedAssignments
{
    /// <summary>Escalates exactly <paramref name="count"/> flows of <paramref name="flows"/>, drawn at random.</summary>
    public static int[] Random(IReadOnlyList<int> flows, int count, Random random)
    {
        var drawn = flows.ToArray();
        random.Shuffle(drawn);
        return drawn[..count];
    }

    /// <summary>
    /// The tier where a flow should be answered by one who knows: the first that is right; the first of all where
    /// none is, for waiting would win nothing.
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
