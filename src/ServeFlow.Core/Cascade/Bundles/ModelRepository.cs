using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Represents a folder of bundles, <c>NAME/VERSION/</c>, of which a running sensor may choose another; one bundle
/// alone is such a folder too. Each call looks at the folder anew. Whatever is no plain folder of a version is told and
/// never used.
/// </summary>
public sealed class ModelRepository
{
    readonly string root;

    /// <summary>Holds the only bundle of the folder that belongs here; null for all of them.</summary>
    readonly string? only;

    /// <summary>Holds the only version of that bundle that belongs here; null for all of them.</summary>
    readonly int? onlyVersion;

    ModelRepository(string root, string? only, int? onlyVersion) =>
        (this.root, this.only, this.onlyVersion) = (root, only, onlyVersion);

    /// <summary>Gets whether the folder holds several bundles, as far as its layout goes.</summary>
    public bool IsFolder => only is null;

    /// <summary>Gets whether other versions belong here too, as not a single one was named.</summary>
    public bool TakesVersions => onlyVersion is null;

    /// <summary>Opens a repository, a bundle, or one version of a bundle.</summary>
    /// <exception cref="InputException">The path is none of these.</exception>
    public static ModelRepository Open(string path)
    {
        var full = Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);
        var (name, parent) = (Path.GetFileName(full), Path.GetDirectoryName(full));
        if (File.Exists(Path.Combine(full, BundleFolder.ManifestName)))
        {
            var bundle = parent is null ? null : Path.GetDirectoryName(parent);
            return bundle is not null && BundleFolder.ParseVersion(full) is > 0 and var version
                ? new(bundle, Path.GetFileName(parent), version)
                : new(parent ?? full, name, 0);
        }

        if (parent is not null && BundleFolder.LatestVersion(full) > 0)
        {
            return new(parent, name, null);
        }

        return Directory.Exists(full) && Directory.EnumerateDirectories(full).Any(one =>
            BundleFolder.LatestVersion(one) > 0) ? new(full, null, null)
            : throw new InputException(BundleProblem.NoBundle(path)) { Settings = [Setting.Bundle] };
    }

    /// <summary>Lists every version, and whatever else lies here with why it is none.</summary>
    public IReadOnlyList<RepositoryEntry> List() =>
        only is not null ? [.. ListBundle(only, Path.Combine(root, only))]
            : [.. Entries(root).SelectMany(entry => entry.LinkTarget is not null
                ? [RepositoryEntry.Unusable(entry.Name, null, BundleProblem.Link(entry.FullName))]
                : entry is not DirectoryInfo
                    ? [RepositoryEntry.Unusable(entry.Name, null, BundleProblem.NoModel(entry.FullName))]
                    : ListBundle(entry.Name, entry.FullName))];

    /// <summary>Gets the folder of a version; of the latest that can be used where none is given.</summary>
    /// <exception cref="InputException">There is no such model or version, or it cannot be used.</exception>
    public RepositoryEntry Find(string name, int? version)
    {
        var all = List();
        var named = all.Where(entry => entry.Name == name).ToList();
        if (named.Count == 0)
        {
            throw Absent($"{root}: has no model '{InputException.Quote(name)}'", all.Select(entry => entry.Name));
        }

        var usable = named.Where(entry => entry.Problem is null).ToList();
        var found = version is null ? usable.MaxBy(entry => entry.Version)
            : usable.Find(entry => entry.Version == version);
        if (found is not null)
        {
            return found;
        }

        var problem = named.Find(entry => entry.Problem is not null && (version ?? entry.Version) == entry.Version)
            ?? (usable.Count == 0 ? named.Find(entry => entry.Version is null) : null);
        throw problem is { Problem: { } why } ? new InputException(why) : Absent(
            $"{Path.Combine(root, name)}: has no version {version}",
            named.Where(entry => entry.Version is not null).Select(entry => $"{entry.Version}"));
    }

    /// <summary>Gets the folder that all bundles lie in.</summary>
    public string Root => root;

    /// <summary>Gets the folder in which a version belongs, whether it is there or not.</summary>
    /// <exception cref="InputException">There is no place for it: one version was named, or a bundle of another name.
    /// </exception>
    public string FindPlace(string name, int version) => (only is null || only == name) && onlyVersion is null
        ? BundleFolder.VersionPath(Path.Combine(root, name), version)
        : throw new InputException($"{name} {version}: has no place in {Path.Combine(root, only ?? "")}"
            + (onlyVersion > 0 ? $"/{onlyVersion}" : "") + ": serve a folder of bundles, or that of a bundle's "
            + "versions");

    /// <summary>Loads a version, under the names of its folders where several bundles lie here.</summary>
    /// <exception cref="InputException">A file is missing, changed, foreign or a link, or a field is not usable.
    /// </exception>
    public Bundle Load(RepositoryEntry entry, ModelFormats formats)
    {
        var bundle = Bundle.Load(entry.Folder!, formats);
        return IsFolder ? bundle.As(entry.Name, $"{entry.Version}") : bundle;
    }

    IEnumerable<RepositoryEntry> ListBundle(string name, string folder)
    {
        if (onlyVersion is { } one)
        {
            return [new(name, one, one == 0 ? folder : BundleFolder.VersionPath(folder, one))];
        }

        var entries = Entries(folder);
        return entries.Count == 0 ? [RepositoryEntry.Unusable(name, null, BundleProblem.NoVersion(folder))]
            : entries.Select(entry => Read(name, entry));
    }

    static RepositoryEntry Read(string name, FileSystemInfo entry)
    {
        var version = BundleFolder.ParseVersion(entry.FullName);
        return entry.LinkTarget is not null ? Unusable(BundleProblem.Link(entry.FullName))
            : version == 0 ? Unusable(BundleProblem.NoVersionFolder(entry.FullName))
            : !File.Exists(Path.Combine(entry.FullName, BundleFolder.ManifestName))
                ? Unusable(BundleProblem.HalfCopied(entry.FullName))
            : new(name, version, entry.FullName);

        RepositoryEntry Unusable(string problem) =>
            RepositoryEntry.Unusable(name, version > 0 ? version : null, problem);
    }

    /// <summary>Lists what lies in a folder, but for what is hidden or still being written.</summary>
    static List<FileSystemInfo> Entries(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(entry => entry.Name[0] != '.')
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(BundleProblem.Unreadable(folder, e), e);
        }
    }

    static InputException Absent(string what, IEnumerable<string> names) =>
        new($"{what}; it has {string.Join(", ", names.Distinct().Take(20).DefaultIfEmpty("none"))}")
        {
            IsMistakenRequest = true,
        };
}

/// <summary>Represents a version in a repository, or what stands in the place of one.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The number of the version; null where there is none.</param>
/// <param name="Folder">The version's folder; null where it cannot be used.</param>
public sealed record RepositoryEntry(string Name, int? Version, string? Folder)
{
    /// <summary>Gets why it cannot be used; null where, as far as its place tells, it can.</summary>
    public string? Problem { get; private init; }

    internal static RepositoryEntry Unusable(string name, int? version, string problem) =>
        new(name, version, null) { Problem = problem };
}
