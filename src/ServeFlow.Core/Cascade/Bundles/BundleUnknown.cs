using System.Text.Json.Serialization;
using ServeFlow.Cascade.OpenSet;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Describes when a flow is answered <c>unknown</c>, and how well that worked on classes left out of training.
/// </summary>
/// <param name="Budget">Share of known flows that may be answered so.</param>
/// <param name="Threshold">Flows with more novelty are, at whatever tier; above 0, and 1 is never exceeded.</param>
/// <param name="Flows">Known flows that the threshold was set on, none of them known to the model in question.</param>
/// <param name="Rejected">How many of them exceed it.</param>
/// <param name="LeftOut">The result for each class that was left out in turn, from a cascade trained without
/// it.</param>
public sealed record BundleUnknown(double Budget, double Threshold, int Flows, int Rejected,
    IReadOnlyList<BundleLeftOut> LeftOut)
{
    /// <summary>
    /// Gets the threshold of each label, none below <see cref="Threshold"/>: higher where too many flows of a class
    /// would be lost. Null, in older bundles, is the same threshold for all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Thresholds { get; init; }

    internal IReadOnlyList<double> ThresholdsOf(int labels) =>
        Thresholds ?? [.. Enumerable.Repeat(Threshold, labels)];
}

/// <summary>Represents a class that was left out of training.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Flows">How many it has.</param>
/// <param name="Auroc">Probability that one of them has more novelty than a known flow; a half is chance.</param>
/// <param name="Detected">Share of them above the threshold.</param>
/// <param name="KnownRejected">Share of the known flows above it.</param>
/// <param name="TierAuroc">The same as <paramref name="Auroc"/>, were one tier to answer all flows.</param>
public sealed record BundleLeftOut(string Label, int Flows, double Auroc, double Detected, double KnownRejected,
    IReadOnlyList<double> TierAuroc);

/// <summary>Describes how a tier scores the novelty of a flow.</summary>
/// <param name="File">The openings of the flows trained on; one of <see cref="BundleManifest.Files"/>.</param>
/// <param name="Weights">The weights of the signals.</param>
public sealed record BundleNovelty(string File, NoveltyWeights Weights);
