using System.Collections.Concurrent;
using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cluster.Fleets;

/// <summary>
/// Keeps the bundles that were published in a folder of a worker, <c>NAME/VERSION/</c>. A bundle is known by the hash
/// of its manifest; nothing is taken whose bytes do not agree with it.
/// </summary>
sealed class BundleStore : IDisposable
{
    const string UploadPrefix = ".upload-";

    readonly ConcurrentDictionary<string, string> folders = new(StringComparer.Ordinal);
    readonly ModelFormats formats;
    readonly bool isTemporary;

    /// <param name="path">The folder; null for one that is gone when the worker ends.</param>
    /// <param name="formats">What models may be.</param>
    /// <exception cref="InputException">The folder cannot be used.</exception>
    public BundleStore(string? path, ModelFormats formats)
    {
        (this.formats, isTemporary) = (formats, path is null);
        try
        {
            Root = path is null ? Directory.CreateTempSubdirectory("serveflow-store-").FullName
                : Directory.CreateDirectory(path).FullName;
            foreach (var left in Directory.EnumerateDirectories(Root, UploadPrefix + "*"))
            {
                Directory.Delete(left, recursive: true);
            }

            foreach (var manifest in Directory.EnumerateFiles(Root, BundleFolder.ManifestName,
                SearchOption.AllDirectories))
            {
                folders[ReadHash(manifest)] = Path.GetDirectoryName(manifest)!;
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"--store {path}: cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }

    public string Root { get; }

    public bool Has(FleetModel model) => folders.ContainsKey(model.Sha256);

    /// <summary>Loads a bundle that it has.</summary>
    /// <exception cref="InputException">It is not there, or was changed.</exception>
    public Bundle Load(FleetModel model) => folders.TryGetValue(model.Sha256, out var folder)
        ? LoadChecked(folder, model, prepare: true) : throw new InputException($"{model}: is not in {Root}");

    public IReadOnlyList<BundlePart> List(string hash) => folders.TryGetValue(hash, out var folder)
        ? BundleTransfer.ListFiles(folder) : [];

    public byte[] Read(string hash, string file, long offset) =>
        folders.TryGetValue(hash, out var folder) && FleetNames.IsFile(file)
            ? BundleTransfer.ReadPiece(Path.Combine(folder, file), offset) : [];

    /// <summary>Gets the folder of an upload.</summary>
    /// <exception cref="InputException">The name is none.</exception>
    public string FindUpload(string upload) => FleetNames.IsPlain(upload) ? Path.Combine(Root, UploadPrefix + upload)
        : throw new InputException("an upload has no name");

    /// <summary>Creates an empty folder, out of which <see cref="Take"/> takes a bundle.</summary>
    public string CreateUpload() =>
        Directory.CreateDirectory(FindUpload(Guid.NewGuid().ToString("N"))).FullName;

    public void Write(string upload, string file, long offset, byte[] piece)
    {
        var folder = FindUpload(upload);
        Directory.CreateDirectory(folder);
        BundleTransfer.WritePiece(folder, file, offset, piece);
    }

    /// <summary>Checks every byte of a bundle in a folder, and keeps it under its name. The folder is gone then.
    /// </summary>
    /// <exception cref="InputException">It is another one, or damaged, or another one has its place.</exception>
    public void Take(string folder, FleetModel model)
    {
        try
        {
            FleetNames.Check(model);
            LoadChecked(folder, model, prepare: false);
            lock (folders)
            {
                if (!Has(model))
                {
                    Move(folder, model);
                }
            }
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public void Dispose()
    {
        if (isTemporary && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    void Move(string folder, FleetModel model)
    {
        var place = Path.Combine(Root, model.Name, $"{model.Version}");
        if (Directory.Exists(place))
        {
            throw new InputException($"{place}: is another {model} already");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Directory.Move(folder, place);
        folders[model.Sha256] = place;
    }

    static string ReadHash(string manifest) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(manifest)));

    Bundle LoadChecked(string folder, FleetModel model, bool prepare)
    {
        var bundle = Bundle.Load(folder, formats, prepare);
        return bundle.Sha256 == model.Sha256 ? bundle : throw new InputException(
            $"{model}: came with the hash {TierKey.Shorten(bundle.Sha256)} and not {TierKey.Shorten(model.Sha256)}");
    }
}
