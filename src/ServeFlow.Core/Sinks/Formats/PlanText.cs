using System.Text;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Sinks.Formats;

/// <summary>A plan's words as UTF-8, made once so that no record makes them again.</summary>
sealed class PlanText(CascadePlan plan)
{
    readonly byte[][] labels = [.. plan.Labels.Select(Encoding.UTF8.GetBytes)];
    readonly byte[] unknown = Encoding.UTF8.GetBytes(Classification.UnknownLabel);
    readonly byte[][] tiers = [.. plan.Tiers.Select(tier => Encoding.UTF8.GetBytes(tier.Name))];
    readonly byte[] name = Encoding.UTF8.GetBytes(plan.Name);
    readonly byte[] version = Encoding.UTF8.GetBytes(plan.Version);

    public ReadOnlySpan<byte> Name => name;

    public ReadOnlySpan<byte> Version => version;

    /// <param name="label">A place among the labels, or <see cref="Classification.UnknownId"/>.</param>
    public ReadOnlySpan<byte> Label(int label) => label < 0 ? unknown : labels[label];

    public ReadOnlySpan<byte> Tier(int tier) => tiers[tier];
}
