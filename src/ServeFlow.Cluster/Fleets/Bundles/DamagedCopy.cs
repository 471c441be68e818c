namespace ServeFlow.Cluster.Fleets.Bundles;

/// <summary>Says what is wrong with a node's copy of a published bundle, and what to do in a fleet.</summary>
static class DamagedCopy
{
    /// <summary>Returns what a check of the copy found. Its own advice is for who has the original; a fleet is given
    /// the bundle again.</summary>
    public static string Describe(InputException found)
    {
        var advice = found.Message.LastIndexOf("; ", StringComparison.Ordinal);
        return $"{(advice < 0 ? found.Message : found.Message[..advice])}: publish it again";
    }
}
