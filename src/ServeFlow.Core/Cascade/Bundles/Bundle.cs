using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Represents a bundle whose every byte was checked, and what it compiles to.</summary>
public sealed class Bundle
{
    internal Bundle(string folder, string sha256, BundleManifest manifest, CascadePlan plan)
    {
        Folder = folder;
        Sha256 = sha256;
        Manifest = manifest;
        Plan = plan;
    }

    /// <summary>Gets the version's folder.</summary>
    public string Folder { get; }

    /// <summary>
    /// Gets the SHA-256 of the manifest, which has the hashes of all other files, as 64 hexadecimal digits.
    /// </summary>
    public string Sha256 { get; }

    public BundleManifest Manifest { get; }

    public CascadePlan Plan { get; }

    /// <summary>Loads a bundle's latest version, or the version that the path names.</summary>
    /// <param name="formats">What models may be; those of Core where not given.</param>
    /// <param name="prepare">Whether models are compiled in full. If not, few flows are answered sooner, and models
    /// are compiled for many in the background when there are many.</param>
    /// <exception cref="InputException">
    /// A file is missing, changed, foreign or a link, or a field is not usable; the message names it.
    /// </exception>
    public static Bundle Load(string bundle, ModelFormats? formats = null, bool prepare = true)
    {
        var folder = BundleFolder.Resolve(bundle);
        var (sha256, manifest, files) = BundleReader.Read(folder);
        var path = Path.Combine(folder, BundleFolder.ManifestName);
        return new(folder, sha256, manifest,
            BundleCompiler.Compile(path, manifest, files, formats ?? ModelFormats.BuiltIn, prepare));
    }

    /// <summary>Checks every byte of a version's folder, and compiles nothing.</summary>
    /// <returns>The SHA-256 of the manifest.</returns>
    /// <exception cref="InputException">A file is missing, changed, foreign or a link; the message names it.
    /// </exception>
    public static string Check(string folder) => BundleReader.Read(folder).Sha256;

    /// <summary>Returns the same bundle with another plan, such as one whose tiers are computed elsewhere.</summary>
    public Bundle WithPlan(CascadePlan plan) => new(Folder, Sha256, Manifest, plan);

    /// <summary>Returns the same bundle after its folder was moved.</summary>
    public Bundle WithFolder(string folder) => new(folder, Sha256, Manifest, Plan);

    /// <summary>Gets the same bundle under the names of the folders that it was found in.</summary>
    internal Bundle As(string name, string version) =>
        new(Folder, Sha256, Manifest, Plan with { Name = name, Version = version });
}
