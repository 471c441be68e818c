using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Walks from thresholds that escalate everything, through those that calibration chose, to some that escalate nothing:
/// one line of levels, fixed by the calibration flows alone, on which a promise is tested on other flows. A level
/// answers early the same share, of every tier's and class's flows, of what the chosen thresholds answer early.
/// </summary>
public sealed class ThresholdPath
{
    /// <summary>Two of a hundred calibration flows apart: finer steps differ by less than a test can tell.</summary>
    const int LevelsToChosen = 50;

    readonly IReadOnlyList<TierRule> chosen;

    /// <summary>[tier][class]: the uncertainties of the flows that reach the tier, ascending.</summary>
    readonly float[][][] uncertainties;

    /// <param name="rules">As calibrated.</param>
    /// <param name="tiers">Each tier's predictions of the calibration flows.</param>
    public ThresholdPath(IReadOnlyList<TierRule> rules, IReadOnlyList<Predictions> tiers)
    {
        chosen = rules;
        var run = CascadeRun.ByRules(rules, tiers);
        uncertainties = [.. Enumerable.Range(0, rules.Count - 1).Select(t => Sorted(rules[t], tiers[t], run, t))];
    }

    /// <summary>Levels from 0, which escalates all, to this, which escalates none.</summary>
    public static int Levels => 2 * LevelsToChosen;

    /// <summary>The rules of a level.</summary>
    public IReadOnlyList<TierRule> Rules(int level) =>
    [
        .. uncertainties.Select((classes, t) => chosen[t] with
        {
            Thresholds = [.. classes.Select((sorted, c) => Threshold(sorted, chosen[t].Thresholds[c], level))],
        }),
        chosen[^1],
    ];

    static double Threshold(float[] sorted, double chosen, int level)
    {
        var answered = sorted.Count(u => u <= chosen);
        var below = level <= LevelsToChosen
            ? (long)answered * level / LevelsToChosen
            : answered + ((long)(sorted.Length - answered) * (level - LevelsToChosen) / LevelsToChosen);
        return level switch
        {
            0 => AssignmentCurve.Always,
            LevelsToChosen => chosen,
            _ when level == Levels => AssignmentCurve.Never,
            _ when below == 0 => AssignmentCurve.Always,
            < LevelsToChosen => Math.Min(chosen, sorted[below - 1]),
            _ => Math.Max(chosen, sorted[below - 1]),
        };
    }

    static float[][] Sorted(TierRule rule, Predictions tier, CascadeRun run, int number)
    {
        var byClass = Enumerable.Range(0, tier.Classes).Select(_ => new List<float>()).ToArray();
        var probabilities = new float[tier.Classes];
        for (var flow = 0; flow < run.Flows; flow++)
        {
            if (run.Tier(flow) >= number)
            {
                var decision = tier.Decide(rule, flow, probabilities);
                byClass[decision.LabelId].Add(decision.Uncertainty);
            }
        }

        return [.. byClass.Select(list => list.Order().ToArray())];
    }
}
