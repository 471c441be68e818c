using System.Security.Cryptography;
using System.Text;
using ServeFlow.Cascade;

namespace ServeFlow.Cluster;

/// <summary>Names a tier by what its scores depend on, so that only a worker with the very same one answers.</summary>
static class TierKey
{
    /// <summary>Names no tier: a call for it compiles what calls run through, and finds out whether they do.</summary>
    public const string WarmUp = "warm-up";

    /// <summary>Computes the hash of the last tier's model, how its outputs are read, schema, packets and labels.
    /// </summary>
    public static string Compute(CascadePlan plan)
    {
        var tier = plan.Tiers[^1];
        var import = tier.Import is { } made ? $"{made.Format} {made.Output} {string.Join(',', made.Classes)}" : "";
        var text = $"{tier.ModelSha256}\n{plan.Schema.Hash}\n{tier.PacketDepth}\n{import}\n"
            + string.Join('\n', plan.Labels);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Shortens a hash for messages.</summary>
    public static string Shorten(string hash) => hash[..Math.Min(8, hash.Length)];

    /// <summary>Describes the last tier of a plan for messages.</summary>
    public static string Describe(CascadePlan plan) =>
        $"'{plan.Tiers[^1].Name}' of {plan.Name} {plan.Version} (model {Shorten(plan.Tiers[^1].ModelSha256)})";
}
