using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Training.Audits;

/// <summary>The header fields that a cascade's models read.</summary>
static class UsedFields
{
    /// <summary>Lists the fields in the schema's order; all of them where a model does not say what it reads.</summary>
    public static IReadOnlyList<string> Find(CascadePlan plan)
    {
        var all = NarrowSchema.Fields(plan.Schema);
        var used = new HashSet<string>();
        foreach (var tier in plan.Tiers)
        {
            if (tier.Compiled is not CompiledModel { Forest: var forest })
            {
                return all;
            }

            foreach (var column in forest.UsedColumns)
            {
                if (!plan.Schema.TryFindColumn(forest.ColumnNames[column], tier.PacketDepth, out var number))
                {
                    return all;
                }

                used.Add(plan.Schema.Field(number % plan.Schema.ColumnsPerPacket));
            }
        }

        return [.. all.Where(used.Contains)];
    }
}
