using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>Turns a chain that was chosen into the tiers that are served.</summary>
static class ChainCalibration
{
    /// <summary>The captures that lose most, of which the share of all losses is told.</summary>
    const int Worst = 3;

    /// <summary>Fits the rules of all tiers on all calibration flows; what they do is told by rules that were fitted on
    /// other parts of them.</summary>
    public static PlacedCascade Calibrate(ChosenChain chosen, PlacementRun run, ChainChooser chooser)
    {
        var (path, level) = (chosen.Path, chosen.Estimate.Level);
        var tiers = path.Tiers;
        int[] tierOf = [.. Enumerable.Range(0, run.Flows.Count).Select(flow => path.Tier(flow, level))];
        TierRule[] rules = [.. path.Rules(level), LastRule(path, tierOf, run)];
        TierCalibration[] calibrated =
        [
            .. path.Orders.Select((order, tier) => new TierCalibration(rules[tier], order.Way.Kind,
                chooser.Trials(tiers[tier], tiers[^1]))),
        ];
        var answers = CascadeRun.From(tierOf, [.. tiers.Select(tier => tier.Predictions)]);
        return new(tiers, new(rules, calibrated, answers, Estimate(answers, chosen.Estimate, run)));
    }

    /// <summary>Estimates what answers lose, with what is to be known of the captures that it rests on.</summary>
    public static LossEstimate Estimate(CascadeRun answers, LevelEstimate level, PlacementRun run)
    {
        var (flows, slow) = (run.Flows, run.Reference.Predictions);
        var captures = flows.Groups.CountBy(capture => capture).ToDictionary();
        int[] lost =
        [
            .. Enumerable.Range(0, flows.Count).Where(flow => answers.Answer(flow) != flows.Labels[flow]
                && slow.TopClass(flow) == flows.Labels[flow]),
        ];
        var worst = lost.CountBy(flow => flows.Groups[flow]).Select(capture => capture.Value).OrderDescending()
            .Take(Worst).Sum();
        return new(run.MaxLoss, level, captures.Count)
        {
            GroupWord = flows.Data.GroupWord,
            LargestCapture = (double)captures.Values.Max() / flows.Count,
            WorstCaptures = lost.Length == 0 ? 0 : (double)worst / lost.Length,
        };
    }

    /// <summary>The last tier sees only what those before it were unsure of, and that is what its probabilities must be
    /// right about.</summary>
    static TierRule LastRule(ChainPath path, int[] tierOf, PlacementRun run)
    {
        var last = path.Tiers[^1].Predictions;
        int[] reaching = [.. Enumerable.Range(0, tierOf.Length).Where(flow => tierOf[flow] == path.Tiers.Count - 1)];
        var fitted = reaching.Length > 0 ? reaching : [.. Enumerable.Range(0, tierOf.Length)];
        var (rows, flows) = (last.Subset(fitted), run.Flows.Subset(fitted));
        var kind = ProbabilityFit.Choose(run.Goal.Calibration, rows, flows,
            Array.ConvertAll(fitted, flow => run.Parts[flow]));
        var measure = path.Orders.Count > 0 ? path.Orders[^1].Way.Measure : UncertaintyMeasure.Margin;
        return ProbabilityFit.Fit(kind, rows, flows) with
        {
            Measure = measure == UncertaintyMeasure.ExpectedGain ? UncertaintyMeasure.Margin : measure,
        };
    }
}
