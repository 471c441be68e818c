using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.OpenSet;

/// <summary>Holds what was learned about unknown flows.</summary>
/// <param name="Weights">The weights by tier.</param>
/// <param name="Openings">The openings of all training flows, by depth.</param>
/// <param name="Unknown">Budget, threshold, and what came of leaving each class out.</param>
/// <param name="LostRecall">The share of each class's flows that lose the right answer to <c>unknown</c>.</param>
public sealed record NoveltyModel(IReadOnlyList<NoveltyWeights> Weights,
    IReadOnlyDictionary<int, OpeningCounts> Openings, BundleUnknown Unknown, IReadOnlyList<double> LostRecall)
{
    /// <summary>Gets whether each calibration flow is answered unknown, by position.</summary>
    internal IReadOnlyList<bool>? IsRejected { get; init; }

    /// <summary>Returns the file of the openings that a tier of this depth looks up.</summary>
    public static string FileOf(int depth) => $"openings-{depth}.bin";

    /// <summary>Returns a tier's part in the bundle.</summary>
    internal BundleNovelty ToBundle(int number, ModelSpec spec) => new(FileOf(spec.Depth), Weights[number]);

    /// <summary>Gets the files that the bundle keeps.</summary>
    internal IEnumerable<KeyValuePair<string, byte[]>> Files =>
        Openings.Select(o => KeyValuePair.Create(FileOf(o.Key), o.Value.ToBytes()));
}
