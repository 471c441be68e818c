using System.Collections.Concurrent;
using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Bundles;

/// <summary>
/// Keeps the bundles that were published in a folder of a worker, <c>NAME/VERSION/</c>. A bundle is known by the hash
/// of its manifest; nothing is taken whose bytes do not agree with it.
/// </summary>
sealed class BundleStore : IDisposable
{
    const string UploadPrefix = ".upload-";

    /// <summary>Specifies how long an upload may stand still before it is given up.</summary>
    static readonly TimeSpan UploadTime = TimeSpan.FromHours(1);

    readonly ConcurrentDictionary<string, string> folders = new(StringComparer.Ordinal);

    /// <summary>Says, by hash, what is wrong with copies that were found damaged and have no whole one yet.</summary>
    readonly ConcurrentDictionary<string, string> damages = new(StringComparer.Ordinal);

    readonly ModelFormats formats;
    readonly FileStream owner;

    /// <param name="path">The folder, which no other worker uses.</param>
    /// <param name="formats">What models may be.</param>
    /// <exception cref="InputException">The folder cannot be used.</exception>
    public BundleStore(string path, ModelFormats formats)
    {
        this.formats = formats;
        try
        {
            Root = Directory.CreateDirectory(path).FullName;
            owner = Own(Path.Combine(Root, ".lock"));
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw Unusable(path, e);
        }

        try
        {
            RemoveUploads(TimeSpan.Zero);
            foreach (var manifest in Directory.EnumerateFiles(Root, BundleFolder.ManifestName,
                SearchOption.AllDirectories))
            {
                folders[ReadHash(manifest)] = Path.GetDirectoryName(manifest)!;
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            owner.Dispose();
            throw Unusable(path, e);
        }
    }

    public string Root { get; }

    public bool Has(FleetModel model) => folders.ContainsKey(model.Sha256);

    /// <summary>Loads a bundle that it has. Of one that was changed it forgets that it has it, so that a whole one can
    /// take its place.</summary>
    /// <exception cref="InputException">It is not there, or was changed.</exception>
    public Bundle Load(FleetModel model)
    {
        var folder = Find(model);
        Check(model.Sha256, folder);
        return LoadChecked(folder, model, prepare: true);
    }

    /// <summary>Reads every byte of a bundle, and forgets one that was changed, as <see cref="Load"/> does.</summary>
    /// <exception cref="InputException">It is not there, or was changed.</exception>
    public void Check(FleetModel model) => Check(model.Sha256, Find(model));

    /// <summary>Reads every byte of a bundle that is there, and forgets one that was changed without a word: the fleet
    /// gives it again.</summary>
    public void ForgetIfDamaged(FleetModel model)
    {
        lock (folders)
        {
            HasWhole(model);
        }
    }

    public IReadOnlyList<BundlePart> List(string hash) => folders.TryGetValue(hash, out var folder)
        ? BundleTransfer.ListFiles(folder) : [];

    public byte[] Read(string hash, string file, long offset) =>
        folders.TryGetValue(hash, out var folder) && BundleFolder.IsPlainName(file)
            ? BundleTransfer.ReadPiece(Path.Combine(folder, file), offset) : [];

    /// <summary>Says why it does not have a bundle any more that it had: its copy was found damaged. Empty where it has
    /// the bundle, or never had it.</summary>
    public string ExplainLoss(string hash) => damages.GetValueOrDefault(hash, "");

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
        if (!Directory.Exists(folder))
        {
            RemoveUploads(UploadTime);
            Directory.CreateDirectory(folder);
        }

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
                if (!HasWhole(model))
                {
                    Flush(folder);
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

    public void Dispose() => owner.Dispose();

    static InputException Unusable(string path, Exception e) =>
        new($"--store {path}: cannot be used: {e.Message.TrimEnd('.')}; give a folder that this user may "
            + "make and write to", e);

    /// <summary>Keeps other workers out, on this machine.</summary>
    static FileStream Own(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(file))
        {
            throw new InputException($"--store {Path.GetDirectoryName(file)}: another worker uses it: give each its "
                + "own", e);
        }
    }

    /// <summary>Removes uploads to which nothing was added for so long.</summary>
    void RemoveUploads(TimeSpan age)
    {
        foreach (var left in new DirectoryInfo(Root).EnumerateDirectories(UploadPrefix + "*")
            .Where(left => DateTime.UtcNow - left.LastWriteTimeUtc >= age))
        {
            left.Delete(recursive: true);
        }
    }

    string Find(FleetModel model) => folders.TryGetValue(model.Sha256, out var folder) ? folder
        : throw new InputException(damages.GetValueOrDefault(model.Sha256, $"{model}: is not in {Root}"));

    bool HasWhole(FleetModel model)
    {
        try
        {
            return folders.TryGetValue(model.Sha256, out var folder) && Check(model.Sha256, folder);
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>Reads every byte of a bundle. Where one was changed, the bundle is forgotten and the cause kept.
    /// </summary>
    bool Check(string hash, string folder)
    {
        try
        {
            return Bundle.Check(folder) == hash;
        }
        catch (InputException e)
        {
            var why = DamagedCopy.Describe(e);
            damages[hash] = why; // before it is forgotten: whoever misses the copy finds the cause
            folders.TryRemove(hash, out _);
            throw new InputException(why, e);
        }
    }

    void Move(string folder, FleetModel model)
    {
        var place = Path.Combine(Root, model.Name, $"{model.Version}");
        if (Directory.Exists(place))
        {
            if (ReadHash(Path.Combine(place, BundleFolder.ManifestName)) != model.Sha256)
            {
                throw new InputException($"{place}: is another {model} already: publish this one under a new "
                    + "version");
            }

            Directory.Delete(place, recursive: true); // the same one: it is damaged, or was put there by hand
        }

        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        Directory.Move(folder, place);
        folders[model.Sha256] = place;
        damages.TryRemove(model.Sha256, out _);
    }

    /// <summary>Has the files outlive a loss of power, before their folder is the bundle's.</summary>
    static void Flush(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
    }

    /// <summary>Computes the hash of a manifest; gives nothing where there is none.</summary>
    static string ReadHash(string manifest) => File.Exists(manifest)
        ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(manifest))) : "";

    Bundle LoadChecked(string folder, FleetModel model, bool prepare)
    {
        var bundle = Bundle.Load(folder, formats, prepare);
        return bundle.Sha256 == model.Sha256 ? bundle : throw new InputException(
            $"{model}: came with the hash {TierKey.Shorten(bundle.Sha256)} and not {TierKey.Shorten(model.Sha256)}");
    }
}
