using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Describes a plan's last tier: the columns that it takes, and the classes that it gives.</summary>
sealed class TierShape
{
    readonly ImportedModel? imported;

    public TierShape(CascadePlan plan)
    {
        var tier = plan.Tiers[^1];
        (Schema, Depth, Labels, Sha256) = (plan.Schema, tier.PacketDepth, plan.Labels, tier.ModelSha256);
        imported = tier.Compiled as ImportedModel;
    }

    public FeatureSchema Schema { get; }

    /// <summary>Gets the packets of a row.</summary>
    public int Depth { get; }

    /// <summary>Gets the columns of a row: all of the schema, packet by packet.</summary>
    public int Columns => Depth * Schema.ColumnsPerPacket;

    public IReadOnlyList<string> Labels { get; }

    public string Sha256 { get; }

    /// <summary>Gets the classes that the model itself has: those of a model made elsewhere may be others.</summary>
    public int ModelClasses => imported?.OwnClasses ?? Labels.Count;

    /// <summary>Creates what makes probabilities of the rows that the model itself gives; null where they are
    /// probabilities.</summary>
    public ImportedOutput? CreateOutput() => imported?.CreateOutput();
}
