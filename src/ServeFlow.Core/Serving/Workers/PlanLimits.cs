using ServeFlow.Cascade;

namespace ServeFlow.Serving.Workers;

/// <summary>Checks that a worker's compact state can hold a cascade.</summary>
static class PlanLimits
{
    public static void Check(CascadePlan plan)
    {
        CheckMax(plan, "labels", plan.Labels.Count, DecisionTag.MaxLabels);
        CheckMax(plan, "tiers", plan.Tiers.Count, DecisionTag.MaxTiers);
        CheckMax(plan, "packets of the deepest tier", plan.Tiers[^1].PacketDepth, ushort.MaxValue);
    }

    static void CheckMax(CascadePlan plan, string what, int found, int limit)
    {
        if (found > limit)
        {
            throw new InputException($"bundle {plan.Name} {plan.Version}: {found} {what}, at most {limit} can be "
                + "served; train with fewer");
        }
    }
}
