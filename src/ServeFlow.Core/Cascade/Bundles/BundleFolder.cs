using System.Globalization;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Finds and names bundles on disk: <c>NAME/1</c>, <c>NAME/2</c>, … each a version with its <c>cascade.json</c>. A user
/// may name the bundle, which means its latest version, or one version.
/// </summary>
public static class BundleFolder
{
    /// <summary>Specifies the file that makes a folder a bundle's version.</summary>
    public const string ManifestName = "cascade.json";

    /// <summary>Names the file of what was measured, which no manifest lists; it may be missing.</summary>
    public const string TimingsName = "timings.json";

    /// <summary>Begins the name of a version still being written; readers pass it over.</summary>
    const string UnfinishedPrefix = ".unfinished-";

    /// <summary>Determines whether a name, of a model or of a bundle's file, is safe as that of a file: at most 255
    /// letters, digits and <c>. - _ @ +</c>, with no dot in front.</summary>
    public static bool IsPlainName(string name) => name.Length is > 0 and <= 255 && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '+');

    /// <summary>Returns the version that a path means.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static string Resolve(string path)
    {
        if (File.Exists(Path.Combine(path, ManifestName)))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new InputException(BundleProblem.NoBundle(path)) { Settings = [Setting.Bundle] };
        }

        var latest = LatestVersion(path);
        var version = latest != 0
            ? VersionPath(path, latest)
            : throw new InputException(BundleProblem.NoBundle(path)) { Settings = [Setting.Bundle] };

        // A link that the user names is the user's choice; one that lies inside a bundle leads out of it.
        return new DirectoryInfo(version).LinkTarget is null
            ? version
            : throw new InputException(BundleProblem.Link(version));
    }

    /// <summary>
    /// Checks, before hours of training, that a bundle can be written to a path: it is free, empty, or holds
    /// versions of a bundle and nothing else.
    /// </summary>
    /// <exception cref="InputException">It is something else.</exception>
    public static void CheckTarget(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new InputException(BundleProblem.NoBundle(path)) { Settings = [Setting.Bundle] };
        }

        if (File.Exists(path))
        {
            throw new InputException(BundleProblem.IsFile(path)) { Settings = [Setting.Bundle] };
        }

        CheckOutside(path, Setting.Bundle);
        foreach (var entry in Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : [])
        {
            var name = Path.GetFileName(entry);
            if (ParseVersion(entry) == 0 && !name.StartsWith(UnfinishedPrefix, StringComparison.Ordinal))
            {
                throw new InputException(BundleProblem.NotABundleFolder(path, name)) { Settings = [Setting.Bundle] };
            }
        }

        TryWriting(path);
    }

    /// <summary>Checks that a place is no version of a bundle and lies in none: whatever else is written there damages
    /// it, as a version holds nothing but what training wrote.</summary>
    /// <param name="settings">The settings that give the place.</param>
    /// <exception cref="InputException">It is or does.</exception>
    public static void CheckOutside(string path, params Setting[] settings)
    {
        for (var folder = Path.GetFullPath(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ManifestName)))
            {
                throw new InputException(BundleProblem.InsideVersion(path, folder)) { Settings = settings };
            }
        }
    }

    /// <summary>Makes the folders that a version will lie in and removes them again: a name may be too long.</summary>
    static void TryWriting(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var made = new List<string> { UnfinishedPath(folder) };
        for (; !Directory.Exists(folder); folder = Path.GetDirectoryName(folder)!)
        {
            if (File.Exists(folder))
            {
                throw new InputException(BundleProblem.BelowFile(path, folder)) { Settings = [Setting.Bundle] };
            }

            made.Add(folder);
        }

        try
        {
            UnfinishedFolder.RemoveLeftBehind(folder, UnfinishedPrefix + "*");
            Directory.CreateDirectory(made[0]);
            made.ForEach(UnfinishedFolder.RemoveIfEmpty);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(BundleProblem.Unwritable(path, e), e);
        }
    }

    internal static int LatestVersion(string path) =>
        Directory.Exists(path) ? Directory.EnumerateDirectories(path).Select(ParseVersion).DefaultIfEmpty(0).Max() : 0;

    internal static string VersionPath(string path, int version) =>
        Path.Combine(path, version.ToString(CultureInfo.InvariantCulture));

    internal static string UnfinishedPath(string path) =>
        Path.Combine(path, UnfinishedPrefix + Guid.NewGuid().ToString("N"));

    /// <summary>Returns a version folder's number; 0 where it is none. 007 is none: it would be a second name of
    /// 7.</summary>
    internal static int ParseVersion(string entry)
    {
        var name = Path.GetFileName(entry);
        return Directory.Exists(entry) && name[0] != '0'
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                ? version
                : 0;
    }
}
