namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Checks the names of models and files that come from elsewhere: each becomes the name of a folder or a
/// file.</summary>
static class FleetNames
{
    /// <summary>Determines whether a name has letters, digits, dots, hyphens and underscores alone, and begins with no
    /// dot.</summary>
    public static bool IsPlain(string name) => ClusterTierOptions.IsName(name);

    /// <exception cref="InputException">The model's name, version or hash can be none.</exception>
    public static void Check(FleetModel model)
    {
        if (FindFault(model) is { } fault)
        {
            throw new InputException(fault);
        }
    }

    /// <summary>Finds what is wrong with a model's name, version or hash; null for nothing.</summary>
    public static string? FindFault(FleetModel model) =>
        IsPlain(model.Name) && model.Version >= 1 && IsHash(model.Sha256) ? null
            : $"model '{InputException.Quote(model.ToString())}': a fleet takes names of at most 100 letters, digits, "
                + "'.', '-' and '_', and versions from 1";

    static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
