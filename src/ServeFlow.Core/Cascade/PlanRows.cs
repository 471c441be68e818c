using ServeFlow.Features;
using ServeFlow.Features.Rows;

namespace ServeFlow.Cascade;

/// <summary>Lays out the rows of answers that serving keeps of undecided flows in place of their headers.</summary>
static class PlanRows
{
    /// <summary>Divides the bytes of headers: rows of more than this part of them are not worth keeping.</summary>
    const int WorthDivisor = 2;

    /// <summary>Lays out rows of all that a plan asks of a flow's packets; null where it has to see headers: a model
    /// was made elsewhere or is scored elsewhere, flows are checked for unknown classes, or a test answers yes for a
    /// packet that there is not. Null, too, where a model asks so much of sizes and times that rows would save little
    /// memory.</summary>
    public static AnswerRows? TryCreate(CascadePlan plan)
    {
        var tests = new List<PlaneTest>();
        if (plan.Drift is { } drift)
        {
            tests.AddRange(drift.Tests);
        }

        foreach (var tier in plan.Tiers)
        {
            if (tier.Novelty is not null || tier.Compiled.Tests is not { } asked)
            {
                return null;
            }

            tests.AddRange(asked);
            if (tier.Gain is not { } gain)
            {
                continue;
            }

            if (gain.Tests is not { } askedOfGain)
            {
                return null;
            }

            tests.AddRange(askedOfGain);
        }

        var depth = plan.Tiers[^1].PacketDepth;
        var rows = AnswerRows.TryCreate(plan.Schema, tests, depth);
        return rows?.Bytes <= depth * HeaderRecord.RecordLength / WorthDivisor ? rows : null;
    }
}
