using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Sinks.Formats;

/// <summary>Represents a plan's words as UTF-8, made once so that no record makes them again.</summary>
/// <param name="encode">Writes a word as the format has it.</param>
sealed class PlanText(CascadePlan plan, Func<string, byte[]> encode)
{
    readonly byte[][] labels = [.. plan.Labels.Select(encode)];
    readonly byte[] unknown = encode(Classification.UnknownLabel);
    readonly byte[][] tiers = [.. plan.Tiers.Select(tier => encode(tier.Name))];
    readonly byte[] name = encode(plan.Name);
    readonly byte[] version = encode(plan.Version);

    public ReadOnlySpan<byte> Name => name;

    public ReadOnlySpan<byte> Version => version;

    /// <param name="label">A place among the labels, or <see cref="Classification.UnknownId"/>.</param>
    public ReadOnlySpan<byte> Label(int label) => label < 0 ? unknown : labels[label];

    public ReadOnlySpan<byte> Tier(int tier) => tiers[tier];
}
