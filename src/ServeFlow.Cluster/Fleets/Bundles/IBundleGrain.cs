using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Bundles;

/// <summary>Gives and takes the files of one bundle, by its hash. It is that of the worker that is called.</summary>
[Alias("serveflow.bundle")]
interface IBundleGrain : IGrainWithStringKey
{
    /// <summary>Limits a piece of a file.</summary>
    const int MaxPiece = 1 << 18;

    /// <summary>Lists the files; gives none where the worker does not have the bundle.</summary>
    [Alias("list")]
    [ResponseTimeout("00:00:30")]
    Task<IReadOnlyList<BundlePart>> ListAsync();

    /// <summary>Says why the worker does not have the bundle any more that it had; empty where it has it, or never had
    /// it.</summary>
    [Alias("explain-loss")]
    [ResponseTimeout("00:00:30")]
    Task<string> ExplainLossAsync();

    /// <summary>Reads a piece of a file, of at most <see cref="MaxPiece"/> bytes; gives none where the file ends, or
    /// the worker does not have the bundle any more.</summary>
    [Alias("read")]
    [ResponseTimeout("00:00:30")]
    Task<byte[]> ReadAsync(string file, long offset);

    /// <summary>Takes a piece of a file; the pieces of a file come in order. Gives what is wrong with it, or nothing.
    /// </summary>
    /// <param name="upload">Tells uploads apart.</param>
    [Alias("write")]
    [ResponseTimeout("00:00:30")]
    Task<string> WriteAsync(string upload, string file, long offset, byte[] piece);

    /// <summary>Checks every byte of what was taken and keeps it; gives what is wrong with it, or nothing.</summary>
    [Alias("finish")]
    [ResponseTimeout("00:05:00")]
    Task<string> FinishAsync(string upload, FleetModel model);
}

/// <summary>Represents a file of a bundle.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Bytes">Its length.</param>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.bundle.part")]
sealed record BundlePart([property: Id(0)] string Name, [property: Id(1)] long Bytes);
