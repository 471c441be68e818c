namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Records how training chose the feature set: groups of columns were tried one after the other, and kept where their
/// gain on captures that the models had not seen was beyond chance.
/// </summary>
/// <param name="Model">The model that the sets were compared by, such as <c>et@10</c>.</param>
/// <param name="Captures">Captures that the comparison is of, or groups where the labels name any.</param>
/// <param name="Why">What decided, as a sentence.</param>
/// <param name="Trials">The sets in the order in which they were tried; none where there was too little to compare.
/// </param>
public sealed record BundleFeatureChoice(string Model, int Captures, string Why,
    IReadOnlyList<BundleFeatureTrial> Trials)
{
    /// <summary>Limits the trials of a manifest: there are fewer groups of columns.</summary>
    internal const int MaxTrials = 64;
}

/// <summary>Represents a feature set that was tried.</summary>
/// <param name="Set">The set, such as <c>nprint:ip4,tcp,udp+dir</c>.</param>
/// <param name="Against">The set that it was compared with; empty for the first.</param>
/// <param name="WeightedF1">Weighted F1 on captures that the models had not seen, from 0 to 1.</param>
/// <param name="Gain">How much that is above the other set's.</param>
/// <param name="GainLow">Lower end of the gain's 95 % interval over draws of captures.</param>
/// <param name="GainHigh">Upper end of it.</param>
/// <param name="Taken">Whether the set was kept as the one to beat.</param>
public sealed record BundleFeatureTrial(string Set, string Against, double WeightedF1, double Gain, double GainLow,
    double GainHigh, bool Taken);
