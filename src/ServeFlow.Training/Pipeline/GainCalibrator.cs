using System.Text;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Models;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// Learns, for tiers that were chosen, which of their answers escalation corrects and worsens, and calibrates them
/// again with what was learned as one more measure. Each flow's gain is foretold by a model that saw nothing of its
/// fold, so that calibration can hold it against the other measures. Tiers of the first depth alone: later ones may
/// have to do with fewer packets than they wait for, and it is on the first packets that most is decided.
/// </summary>
/// <param name="flows">The training flows that calibration may look at.</param>
/// <param name="folds">The training flows, divided.</param>
/// <param name="training">The options that gain models are trained with.</param>
sealed class GainCalibrator(FlowSample flows, IReadOnlyList<SplitParts> folds, TrainerOptions training)
{
    /// <summary>A tree of a few dozen leaves learns no more from more.</summary>
    const int MaxFlows = 50_000;

    /// <summary>Holds the fold of each flow, by position; null where all are of one.</summary>
    readonly int[]? parts = PartsOf(flows, folds);

    /// <param name="placed">Tiers, calibrated without any of this.</param>
    public PlacedCascade Refine(PlacedCascade placed, PlacementOptions options, CancellationToken cancel)
    {
        var (first, last) = (placed.Tiers[0], placed.Tiers[^1]);
        var isSearched = options.Objective is not null;
        // A goal asks for a share of errors caught, not for a gain: by gain fewer are caught, so it has to be asked
        // for.
        var isWanted = parts is not null && options.AllowsGainModels
            && (options.Goal.Measure is UncertaintyMeasure.ExpectedGain
                || (options.Goal.Measure is null && isSearched));
        TierCandidate[] tiers =
        [
            .. placed.Tiers.Select(tier => !isWanted || tier == last || tier.Spec.Depth > first.Spec.Depth
                ? tier
                : tier with { Predictions = tier.Predictions.WithGains(PredictGains(tier, last, cancel)) }),
        ];
        CalibrationTier[] calibrated = [.. tiers.Select(t => new CalibrationTier(t.Spec.Depth, t.Predictions))];
        return new(tiers, isSearched
            ? CascadeCalibrator.CalibrateTo(flows, calibrated, Shares(placed), options.Goal, parts)
            : CascadeCalibrator.Calibrate(flows, calibrated, options.Goal, parts));
    }

    /// <summary>The gain models that a bundle needs, by tier: those whose rule asks for one.</summary>
    public Dictionary<int, FinalModel> TrainFinal(PlacedCascade placed, CancellationToken cancel)
    {
        var asked = placed.Calibration.Rules.Index().Where(r => r.Item.Measure == UncertaintyMeasure.ExpectedGain);
        return asked.ToDictionary(r => r.Index, r =>
        {
            var tier = placed.Tiers[r.Index];
            var model = Train(tier.Spec.Depth, [.. Enumerable.Range(0, flows.Count)],
                Gains(tier, placed.Tiers[^1]), cancel);
            return new FinalModel(Encoding.UTF8.GetBytes(model.ModelText), Compile(model, tier.Spec.Depth));
        });
    }

    CompiledModel Compile(TrainedModel model, int depth) =>
        new(LightGbmText.Read(model.ModelText, "the gain model"), flows.Data.Schema, depth, "the gain model");

    float[] PredictGains(TierCandidate tier, TierCandidate last, CancellationToken cancel)
    {
        var (depth, gains, partOf) = (tier.Spec.Depth, Gains(tier, last), parts!);
        var foretold = new float[flows.Count];
        foreach (var fold in partOf.Distinct())
        {
            int[] others = [.. Enumerable.Range(0, flows.Count).Where(i => partOf[i] != fold)];
            int[] inside = [.. Enumerable.Range(0, flows.Count).Where(i => partOf[i] == fold)];
            var model = Train(depth, others, gains, cancel);
            var found = new FlowScorer(depth, flows.Data.WaitLimit, Compile(model, depth).CreateScorer)
                .ExpectedGains(flows.Subset(inside), cancel);
            foreach (var (place, gain) in inside.Zip(found))
            {
                foretold[place] = gain;
            }
        }

        return foretold;
    }

    TrainedModel Train(int depth, int[] positions, int[] gains, CancellationToken cancel)
    {
        int[] sample = [.. EvenSample.Indices(positions.Length, MaxFlows).Select(i => positions[i])];
        return GainTrainer.Train(new(flows.Subset(sample), depth), [.. sample.Select(i => gains[i])],
            training, cancel);
    }

    int[] Gains(TierCandidate tier, TierCandidate last) =>
    [
        .. flows.Labels.Select((label, i) =>
            new AssignmentSample(label, tier.Predictions.TopClass(i), last.Predictions.TopClass(i), 0).Gain),
    ];

    static double[] Shares(PlacedCascade placed)
    {
        var run = placed.Calibration.Run;
        return [.. Enumerable.Range(0, placed.Tiers.Count - 1).Select(t => (double)run.Escalated(t) / run.Flows)];
    }

    static int[]? PartsOf(FlowSample flows, IReadOnlyList<SplitParts> folds)
    {
        var parts = SplitParts.FoldOf(folds, flows);
        return parts.Distinct().Count() > 1 ? parts : null;
    }
}
