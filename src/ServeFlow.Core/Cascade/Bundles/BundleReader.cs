using System.Security.Cryptography;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Reads a version's folder. Each file is read once and its bytes are hashed and kept, so that nothing can change
/// between the check and the use.
/// </summary>
static class BundleReader
{
    /// <summary>A manifest is some kilobytes, and 100 bytes for each capture of the data set.</summary>
    const long MaxManifestBytes = 256L << 20;

    /// <summary>Times are some hundred bytes for each candidate.</summary>
    const long MaxTimingsBytes = 16L << 20;

    public static (string Sha256, BundleManifest Manifest, IReadOnlyDictionary<string, byte[]> Files) Read(
        string folder)
    {
        var path = Path.Combine(folder, BundleFolder.ManifestName);
        var present = List(folder);
        var length = present.TryGetValue(BundleFolder.ManifestName, out var entry)
            ? entry.Length
            : throw new InputException(BundleProblem.NoBundle(folder));
        if (length is 0 or > MaxManifestBytes)
        {
            throw new InputException(BundleProblem.LongManifest(path, length, MaxManifestBytes));
        }

        var bytes = ReadBytes(path);
        var manifest = BundleJson.Read(bytes, path);
        ManifestCheck.Run(manifest, path);
        CheckForeign(folder, present.Keys, manifest);
        return (Convert.ToHexStringLower(SHA256.HashData(bytes)), WithTimings(manifest, path, present),
            manifest.Files.ToDictionary(f => f.Name, f => ReadChecked(folder, f, present)));
    }

    /// <summary>Fills in what was measured in training, where it is kept and can be drawn.</summary>
    static BundleManifest WithTimings(BundleManifest manifest, string path, Dictionary<string, FileInfo> present)
    {
        if (manifest.Placement is not { } placement
            || !present.TryGetValue(BundleFolder.TimingsName, out var entry)
            || entry.Length is 0 or > MaxTimingsBytes
            || BundleJson.ReadTimings(ReadBytes(entry.FullName)) is not { } timings)
        {
            return manifest;
        }

        var timed = timings.ApplyTo(placement);
        PlacementCheck.Run(timed, Path.Combine(Path.GetDirectoryName(path)!, BundleFolder.TimingsName));
        return manifest with { Placement = timed };
    }

    /// <summary>Lists the files in the folder; anything but plain files is refused.</summary>
    static Dictionary<string, FileInfo> List(string folder)
    {
        var present = new Dictionary<string, FileInfo>(StringComparer.Ordinal);
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                if (entry.LinkTarget is not null)
                {
                    throw new InputException(BundleProblem.Link(entry.FullName));
                }

                present.Add(entry.Name, entry as FileInfo
                    ?? throw new InputException(BundleProblem.Foreign(entry.FullName)));
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(BundleProblem.Unreadable(folder, e), e);
        }

        return present;
    }

    static void CheckForeign(string folder, IEnumerable<string> present, BundleManifest manifest)
    {
        var known = manifest.Files.Select(f => f.Name)
            .Concat([BundleFolder.ManifestName, BundleFolder.TimingsName]).ToHashSet();
        if (present.Order(StringComparer.Ordinal).FirstOrDefault(name => !known.Contains(name)) is { } foreign)
        {
            throw new InputException(BundleProblem.Foreign(Path.Combine(folder, foreign)));
        }
    }

    static byte[] ReadChecked(string folder, BundleFile file, Dictionary<string, FileInfo> present)
    {
        var path = Path.Combine(folder, file.Name);
        if (!present.TryGetValue(file.Name, out var entry))
        {
            throw new InputException(BundleProblem.Missing(path));
        }

        // Before it is opened: a pipe in a file's place has length 0 and would never end.
        if (entry.Length != file.Bytes)
        {
            throw new InputException(BundleProblem.Changed(path, $"{entry.Length} bytes, {file.Bytes} expected"));
        }

        var bytes = ReadBytes(path);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return sha256 == file.Sha256
            ? bytes
            : throw new InputException(BundleProblem.Changed(path, $"SHA-256 {sha256}, {file.Sha256} expected"));
    }

    static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(BundleProblem.Unreadable(path, e), e);
        }
    }
}
