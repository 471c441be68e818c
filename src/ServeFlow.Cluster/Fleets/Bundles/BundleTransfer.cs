using System.Security.Cryptography;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Bundles;

/// <summary>Carries the files of a bundle between nodes, in pieces. The manifest comes first, as its hash is the
/// bundle's; the reader of bundles checks the others by it.</summary>
static class BundleTransfer
{
    /// <summary>Limits what a node takes onto its disk at once.</summary>
    const long MaxBytes = 4L << 30;

    public static IReadOnlyList<BundlePart> ListFiles(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles().Where(file => BundleFolder.IsPlainName(file.Name))
            .OrderBy(file => file.Name != BundleFolder.ManifestName).ThenBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new BundlePart(file.Name, file.Length)),
    ];

    public static byte[] ReadPiece(string file, long offset)
    {
        using var handle = File.OpenHandle(file);
        var left = RandomAccess.GetLength(handle) - Math.Max(0, offset);
        var piece = new byte[Math.Clamp(left, 0, IBundleGrain.MaxPiece)];
        var read = RandomAccess.Read(handle, piece, Math.Max(0, offset));
        return read == piece.Length ? piece : piece[..read];
    }

    /// <summary>Appends a piece to a file.</summary>
    /// <exception cref="InputException">It is none that could follow.</exception>
    public static void WritePiece(string folder, string file, long offset, byte[] piece)
    {
        if (!BundleFolder.IsPlainName(file) || piece.Length > IBundleGrain.MaxPiece || offset + piece.Length > MaxBytes)
        {
            throw new InputException($"'{InputException.Quote(file)}': is no file of a bundle");
        }

        using var handle = File.OpenHandle(Path.Combine(folder, file), FileMode.OpenOrCreate, FileAccess.Write);
        if (RandomAccess.GetLength(handle) != offset)
        {
            throw new InputException($"{file}: a piece at byte {offset} does not follow the one before");
        }

        RandomAccess.Write(handle, piece, offset);
    }

    /// <summary>Sends a folder to a worker, which checks it; gives what is wrong with it, or nothing.</summary>
    public static async Task<string> SendAsync(WorkerLink worker, string folder, FleetModel model,
        CancellationToken cancel)
    {
        var upload = Guid.NewGuid().ToString("N");
        foreach (var part in ListFiles(folder))
        {
            for (long at = 0; at < part.Bytes || at == 0;)
            {
                var piece = ReadPiece(Path.Combine(folder, part.Name), at);
                var from = at;
                var problem = await worker.CallAsync(grains => grains.GetGrain<IBundleGrain>(model.Sha256)
                    .WriteAsync(upload, part.Name, from, piece), cancel);
                if (problem.Length > 0)
                {
                    return problem;
                }

                at += piece.Length;
                if (piece.Length == 0)
                {
                    break;
                }
            }
        }

        return await worker.CallAsync(grains => grains.GetGrain<IBundleGrain>(model.Sha256)
            .FinishAsync(upload, model), cancel);
    }

    /// <summary>Fetches a bundle from a worker into an empty folder; gives false where the worker never had it.
    /// </summary>
    /// <exception cref="InputException">What comes is not the bundle, or the worker has found its copy damaged.
    /// </exception>
    /// <exception cref="IOException">The worker does not answer.</exception>
    public static async Task<bool> TryFetchAsync(WorkerLink worker, FleetModel model, string folder,
        CancellationToken cancel)
    {
        var parts = await worker.CallAsync(grains => grains.GetGrain<IBundleGrain>(model.Sha256).ListAsync(), cancel);
        if (parts.Any(part => part.Bytes < 0) || parts.Sum(part => (decimal)part.Bytes) > MaxBytes)
        {
            throw new InputException($"{worker.Address}: {model}: is larger than {MaxBytes >> 30} GiB");
        }

        foreach (var part in parts)
        {
            for (long at = 0; at < part.Bytes;)
            {
                var from = at;
                var piece = await worker.CallAsync(grains => grains.GetGrain<IBundleGrain>(model.Sha256)
                    .ReadAsync(part.Name, from), cancel);
                if (piece.Length == 0)
                {
                    await CheckKeptAsync(worker, model, cancel);
                    throw new IOException($"{worker.Address}: {model}: {InputException.Quote(part.Name)} ends at byte "
                        + $"{at} of {part.Bytes}");
                }

                WritePiece(folder, part.Name, at, piece);
                at += piece.Length;
            }

            if (part.Name == BundleFolder.ManifestName)
            {
                CheckManifest(worker, model, folder);
            }
        }

        if (parts.Count == 0)
        {
            await CheckKeptAsync(worker, model, cancel);
            return false;
        }

        CheckFiles(worker, model, folder);
        return true;
    }

    /// <summary>Passes on why a worker that gives nothing has let go of its copy, as it may at any time.</summary>
    static async Task CheckKeptAsync(WorkerLink worker, FleetModel model, CancellationToken cancel)
    {
        var why = await worker.CallAsync(grains => grains.GetGrain<IBundleGrain>(model.Sha256).ExplainLossAsync(),
            cancel);
        if (why.Length > 0)
        {
            throw new InputException($"{worker.Address}: {model}: {why}");
        }
    }

    static void CheckManifest(WorkerLink worker, FleetModel model, string folder)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, BundleFolder.ManifestName));
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) is var hash && hash != model.Sha256)
        {
            throw new InputException($"{worker.Address}: {model}: its manifest has the hash {TierKey.Shorten(hash)} "
                + $"and not {TierKey.Shorten(model.Sha256)}");
        }
    }

    static void CheckFiles(WorkerLink worker, FleetModel model, string folder)
    {
        try
        {
            Bundle.Check(folder);
        }
        catch (InputException e)
        {
            throw new InputException($"{worker.Address}: its copy of {model} is damaged: "
                + DamagedCopy.Describe(e).Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal),
                e);
        }
    }
}
