using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Measures how much of a score rests on held-back flows that look, bit for bit, like a training flow.
/// </summary>
/// <param name="answers">The answers of the cascade and then of each tier, for each held-back flow.</param>
sealed class NearDuplicateCheck(AuditFlows flows, AuditedCascade cascade, IReadOnlyList<int[]> answers)
{
    /// <summary>A loss of weighted F1 on flows without a twin that is worth a warning.</summary>
    const double MinLoss = 0.05;

    /// <summary>
    /// Limits the share of near-duplicates: beyond it, the other flows are too few to give a score of their own.
    /// </summary>
    const double MaxShare = 0.9;

    /// <summary>Fewer flows say nothing about their score: one in thirty is more than 0.03 of F1.</summary>
    const int MinFlows = 30;

    /// <param name="depth">Packets that are compared.</param>
    public (AuditCheck Check, DeduplicatedScore Novel) Check(int depth)
    {
        var twins = NearDuplicates.DuplicateLabels(flows.Train, flows.HeldOut, depth);
        int[] novel = [.. Enumerable.Range(0, twins.Length).Where(i => twins[i] < 0)];
        var foreign = flows.HeldOut.Labels.Zip(twins).Count(pair => pair.Second >= 0 && pair.Second != pair.First);
        var of = new DeduplicatedScore(depth, novel.Length, cascade.WeightedF1(answers[0], novel),
            cascade.WeightedF1(answers[^1], novel));
        var all = cascade.WeightedF1(answers[0], [.. Enumerable.Range(0, twins.Length)])!.Value;
        return (Assess(depth, twins.Length, foreign, of, all), of);
    }

    static AuditCheck Assess(int depth, int count, int foreign, DeduplicatedScore novel, double all)
    {
        var twins = count - novel.Flows;
        var falls = novel.Flows >= MinFlows && all - novel.Cascade > MinLoss;
        var isKnown = twins > MaxShare * count;
        return new($"near_duplicates@{depth}", (double)twins / count, null,
            falls || isKnown ? AuditVerdict.Warned : AuditVerdict.Passed,
            $"{twins:N0} of {count:N0} held-back flows look like a training flow in their first "
            + $"{(depth == 1 ? "packet" : $"{depth} packets")}, {foreign:N0} of them like one of another class; on the "
            + $"{novel.Flows:N0} others the cascade's weighted F1 is {Known(novel.Cascade)}, on all {Known(all)}"
            + (falls ? ": the score leans on traffic that was seen before" : "")
            + (isKnown ? "; nearly all flows are known by heart: hold captures of other days or hosts back" : ""));
    }

    static string Known(double? f1) => f1 is null ? "unknown" : NumberText.Fixed(f1, 3);
}
