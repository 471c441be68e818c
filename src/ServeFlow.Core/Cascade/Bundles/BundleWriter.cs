using System.Security.Cryptography;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Writes a bundle's next version: whole, or not at all.</summary>
public static class BundleWriter
{
    /// <summary>Writes a version that has the models of another bundle.</summary>
    /// <param name="path">The bundle's folder; the other bundle's too, where it is to be its next version.</param>
    /// <param name="manifest">Its tiers name files of the other bundle.</param>
    /// <inheritdoc cref="Write(string, BundleManifest, IReadOnlyDictionary{string, byte[]})"/>
    public static string Write(string path, BundleManifest manifest, Bundle models)
    {
        var used = manifest.Tiers.SelectMany(tier => new[] { tier.File, tier.GainFile, tier.Novelty?.File })
            .ToHashSet();
        var files = BundleReader.Read(models.Folder).Files.Where(file => used.Contains(file.Key));
        return Write(path, manifest, files.ToDictionary());
    }

    /// <summary>
    /// Writes a version into a folder of its own beside the others and gives it its number by renaming it last.
    /// </summary>
    /// <param name="path">The bundle's folder; made where absent.</param>
    /// <param name="manifest">Its name, version and files are filled in here.</param>
    /// <param name="models">The model files by name.</param>
    /// <returns>The version's folder.</returns>
    /// <exception cref="InputException">The folder is not one for bundles, or cannot be written.</exception>
    public static string Write(string path, BundleManifest manifest, IReadOnlyDictionary<string, byte[]> models)
    {
        BundleFolder.CheckTarget(path);
        var isNew = !Directory.Exists(path);
        try
        {
            using var unfinished = UnfinishedFolder.Create(BundleFolder.UnfinishedPath(path));
            foreach (var (name, bytes) in models)
            {
                File.WriteAllBytes(Path.Combine(unfinished.Path, name), bytes);
            }

            WriteTimings(unfinished.Path, manifest);

            return Publish(path, unfinished, Complete(path, manifest, models));
        }
        catch (Exception e)
        {
            if (isNew)
            {
                UnfinishedFolder.RemoveIfEmpty(path);
            }

            if (e.IsFileFailure)
            {
                throw new InputException(BundleProblem.Unwritable(path, e), e);
            }

            throw;
        }
    }

    /// <summary>Writes measured times beside the manifest, so that the same training gives the same manifest.</summary>
    static void WriteTimings(string folder, BundleManifest manifest)
    {
        if (manifest.Placement is { } placement && BundleTimings.From(placement) is { } timings)
        {
            File.WriteAllBytes(Path.Combine(folder, BundleFolder.TimingsName), BundleJson.Write(timings));
        }
    }

    static BundleManifest Complete(string path, BundleManifest manifest, IReadOnlyDictionary<string, byte[]> models) =>
        manifest with
        {
            Schema = BundleManifest.CurrentSchema,
            Placement = manifest.Placement is { } placement ? BundleTimings.Strip(placement) : null,
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))),
            Files =
            [
                .. models.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m =>
                    new BundleFile(m.Key, m.Value.Length, Convert.ToHexStringLower(SHA256.HashData(m.Value)))),
            ],
        };

    /// <summary>
    /// Another process may take the number meanwhile: renaming fails then, and the next one is tried.
    /// </summary>
    static string Publish(string path, UnfinishedFolder unfinished, BundleManifest manifest)
    {
        while (true)
        {
            var version = BundleFolder.LatestVersion(path) + 1;
            var target = BundleFolder.VersionPath(path, version);
            var numbered = manifest with { Version = Path.GetFileName(target) };
            var file = Path.Combine(unfinished.Path, BundleFolder.ManifestName);
            ManifestCheck.Run(numbered, file);
            File.WriteAllBytes(file, BundleJson.Write(numbered));
            try
            {
                unfinished.Publish(target);
                return target;
            }
            catch (IOException) when (Directory.Exists(target))
            {
            }
        }
    }
}
