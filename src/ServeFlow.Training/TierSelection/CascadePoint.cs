using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>Holds what a cascade does with the calibration flows, every flow counted.</summary>
public sealed record CascadePoint
{
    /// <summary>Gets the candidates by tier.</summary>
    public required IReadOnlyList<ModelSpec> Tiers { get; init; }

    /// <summary>Gets the flows that each tier but the last passes on.</summary>
    public required IReadOnlyList<int> Escalated { get; init; }

    public required int Flows { get; init; }

    /// <summary>Gets the share of flows answered rightly.</summary>
    public required double Accuracy { get; init; }

    public required double WeightedF1 { get; init; }

    /// <summary>Gets the share of flows answered by tiers that need one packet.</summary>
    public required double FirstPacketShare { get; init; }

    /// <summary>Gets the share of the first tier's wrong answers that it passes on; 1 where none is wrong.</summary>
    public required double ErrorsCaught { get; init; }

    /// <summary>Gets the milliseconds from the first packet to the answer, waiting and computing: the mean.</summary>
    public required double MeanMs { get; init; }

    /// <summary>Gets the same, the median.</summary>
    public required double MedianMs { get; init; }

    /// <summary>Gets the mean computing per flow, by what each tier was measured to take.</summary>
    public required double ComputeNs { get; init; }

    /// <summary>Computes the share of all flows that a tier answers.</summary>
    public double AnsweredShare(int tier)
    {
        var reaching = tier == 0 ? Flows : Escalated[tier - 1];
        return (double)(reaching - (tier < Escalated.Count ? Escalated[tier] : 0)) / Flows;
    }

    /// <summary>Measures what a run of candidates does, on some of the flows that they were measured on.</summary>
    /// <param name="flows">The flows.</param>
    /// <param name="positions">The position of each of them among all.</param>
    /// <param name="tierOf">The tier that answers a flow, by its position among all.</param>
    internal static CascadePoint Measure(IReadOnlyList<TierCandidate> tiers, FlowSample flows, int[] positions,
        Func<int, int> tierOf) => Measure([.. tiers.Select(tier => tier.Subset(positions))], flows, flow =>
    {
        var tier = tierOf(positions[flow]);
        return (tier, tiers[tier].Predictions.TopClass(positions[flow]));
    });

    /// <summary>Measures what a run of candidates does.</summary>
    /// <param name="answerOf">The tier that answers a flow, and the class it gives.</param>
    /// <param name="readyNsOf">When a tier can score a flow; null where all are waited for to the limit.</param>
    internal static CascadePoint Measure(IReadOnlyList<TierCandidate> tiers, FlowSample flows,
        Func<int, (int Tier, int Answer)> answerOf, Func<int, int, long>? readyNsOf = null)
    {
        var matrix = new ConfusionMatrix(flows.Classes.Count);
        var (escalated, readyNs) = (new int[tiers.Count], new long[flows.Count]);
        var (firstPacket, wrong, caught) = (0, 0, 0);
        for (var flow = 0; flow < flows.Count; flow++)
        {
            var (tier, answer) = answerOf(flow);
            matrix.Add(flows.Labels[flow], answer);
            readyNs[flow] = readyNsOf?.Invoke(flow, tier) ?? tiers[tier].ReadyNs[flow];
            firstPacket += tiers[tier].Spec.Depth == 1 ? 1 : 0;
            for (var t = 0; t < tier; t++)
            {
                escalated[t]++;
            }

            if (tiers[0].Predictions.TopClass(flow) != flows.Labels[flow])
            {
                wrong++;
                caught += tier > 0 ? 1 : 0;
            }
        }

        var ns = tiers.Index().Sum(t => t.Item.NsPerFlow * (t.Index == 0 ? flows.Count : escalated[t.Index - 1]))
            / flows.Count;
        return new()
        {
            Tiers = [.. tiers.Select(t => t.Spec)],
            Escalated = escalated[..^1],
            Flows = flows.Count,
            Accuracy = matrix.Accuracy,
            WeightedF1 = matrix.WeightedF1,
            FirstPacketShare = (double)firstPacket / flows.Count,
            ErrorsCaught = wrong == 0 ? 1 : (double)caught / wrong,
            MeanMs = (readyNs.Average() + ns) / 1e6,
            MedianMs = (Quantiles.Median(readyNs) + ns) / 1e6,
            ComputeNs = ns,
        };
    }
}
