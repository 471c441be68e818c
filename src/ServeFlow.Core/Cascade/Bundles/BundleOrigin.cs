namespace ServeFlow.Cascade.Bundles;

/// <summary>Says which bundle this one has its models from, and what it was calibrated on.</summary>
/// <param name="Name">The name of that bundle.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">The SHA-256 of its manifest, in lower-case hexadecimal.</param>
/// <param name="Data">The SHA-256 of the data set that thresholds and probabilities were calibrated on.</param>
/// <param name="Flows">Flows that they were calibrated on.</param>
/// <param name="Captures">Captures of these flows.</param>
public sealed record BundleOrigin(string Name, string Version, string Sha256, string Data, int Flows, int Captures)
{
    /// <summary>Gets what is wrong with it; null where it is usable.</summary>
    internal string? Problem => Sha256.Length != 64 || !Sha256.All(char.IsAsciiHexDigitLower)
        ? "sha256 is not 64 hexadecimal digits"
        : Flows < 1 || Captures < 1 ? "flows and captures are not both above 0" : null;
}
