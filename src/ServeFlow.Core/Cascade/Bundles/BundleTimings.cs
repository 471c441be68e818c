namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// <c>timings.json</c>: what the machine that trained measured. It lies beside the manifest and is no part of what
/// identifies the bundle: nothing was chosen by it, and a bundle without it is whole.
/// </summary>
public sealed record BundleTimings
{
    /// <summary>Gets the times of the candidates, in the order of <see cref="BundlePlacement.Candidates"/>.</summary>
    public required IReadOnlyList<BundleModelTiming> Candidates { get; init; }

    /// <inheritdoc cref="BundlePlacement.ChosenBatches"/>
    public required IReadOnlyList<BundleBatchCost> ChosenBatches { get; init; }

    /// <summary>Takes the times out of a placement; null where it has none.</summary>
    internal static BundleTimings? From(BundlePlacement placement) =>
        placement.ChosenBatches is { } chosen
        && placement.Candidates.All(c => c is { Engine: not null, Batches: not null })
            ? new()
            {
                Candidates = [.. placement.Candidates.Select(c =>
                    new BundleModelTiming(c.Model, c.Packets, c.Engine!, c.MemoryBytes ?? 0, c.Batches!))],
                ChosenBatches = chosen,
            }
            : null;

    /// <summary>Gets a placement without times, as a manifest holds it.</summary>
    internal static BundlePlacement Strip(BundlePlacement placement) => placement with
    {
        Candidates = [.. placement.Candidates.Select(c =>
            c with { Engine = null, Batches = null, MemoryBytes = null })],
        ChosenBatches = null,
    };

    /// <summary>Fills the times in where they are of this placement's candidates.</summary>
    internal BundlePlacement ApplyTo(BundlePlacement placement) => IsOf(placement)
        ? placement with
        {
            Candidates = [.. placement.Candidates.Zip(Candidates, (candidate, times) => candidate with
            {
                Engine = times.Engine,
                Batches = times.Batches,
                MemoryBytes = times.MemoryBytes,
            })],
            ChosenBatches = ChosenBatches,
        }
        : placement;

    /// <summary>Nothing vouches for the bytes of times: an entry may be null, though its type says otherwise.</summary>
    bool IsOf(BundlePlacement placement) => placement.Candidates.Select(c => (c.Model, c.Packets))
        .SequenceEqual(Candidates.Select(c => c is null ? default : (c.Model, c.Packets)));
}

/// <summary>Holds the times and sizes that were measured for one candidate.</summary>
/// <param name="Model">Its kind, as <see cref="BundleCandidate.Model"/>.</param>
/// <param name="Packets">Packets that it waits for.</param>
/// <param name="Engine">The engine that served it.</param>
/// <param name="MemoryBytes">Bytes of the model as it was served.</param>
/// <param name="Batches">Computing by flows in a batch.</param>
public sealed record BundleModelTiming(string Model, int Packets, string Engine, long MemoryBytes,
    IReadOnlyList<BundleBatchCost> Batches);
