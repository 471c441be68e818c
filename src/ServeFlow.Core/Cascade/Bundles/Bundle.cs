using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade.Bundles;

/// <summary>A bundle whose every byte was checked, and what it compiles to.</summary>
public sealed class Bundle
{
    internal Bundle(string folder, BundleManifest manifest, CascadePlan plan)
    {
        Folder = folder;
        Manifest = manifest;
        Plan = plan;
    }

    /// <summary>The version's folder.</summary>
    public string Folder { get; }

    public BundleManifest Manifest { get; }

    public CascadePlan Plan { get; }

    /// <summary>Loads a bundle's latest version, or the version that the path names.</summary>
    /// <param name="formats">What models may be; those of Core where not given.</param>
    /// <exception cref="InputException">
    /// A file is missing, changed, foreign or a link, or a field is not usable; the message names it.
    /// </exception>
    public static Bundle Load(string path, ModelFormats? formats = null)
    {
        var folder = BundleFolder.Resolve(path);
        var (manifest, files) = BundleReader.Read(folder);
        return new(folder, manifest, BundleCompiler.Compile(Path.Combine(folder, BundleFolder.ManifestName), manifest,
            files, formats ?? ModelFormats.BuiltIn));
    }
}
