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
/// <param name="parts">The part of each, from 0.</param>
/// <param name="training">The options that gain models are trained with.</param>
sealed class GainCalibrator(FlowSample flows, int[] parts, TrainerOptions training)
{
    /// <summary>A tree of a few dozen leaves learns no more from more.</summary>
    const int MaxFlows = 50_000;

    /// <summary>Chooses the way and the level of the chosen tiers again, where gains may be expected.</summary>
    public ChosenChain Refine(PlacementRun run, PlacementOptions options, CancellationToken cancel)
    {
        var tiers = run.Chosen.Path.Tiers;
        // A goal asks for early answers, not for a gain: expecting gains has to be asked for.
        var isWanted = tiers.Count > 1
            && (options.Goal.Measure is UncertaintyMeasure.ExpectedGain
                || (options.Goal.Measure is null && options.Objective is not null))
            && tiers.SkipLast(1).All(tier => tier.Spec.Depth == tiers[0].Spec.Depth);
        return !isWanted ? run.Chosen : run.Refine(
        [
            .. tiers.SkipLast(1).Select(tier =>
                tier with { Predictions = tier.Predictions.WithGains(PredictGains(tier, tiers[^1], cancel)) }),
            tiers[^1],
        ], cancel);
    }

    /// <summary>Returns the gain models that a bundle needs, by tier: those whose rule asks for one.</summary>
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
        var (depth, gains) = (tier.Spec.Depth, Gains(tier, last));
        var foretold = new float[flows.Count];
        foreach (var fold in parts.Distinct())
        {
            int[] others = [.. Enumerable.Range(0, flows.Count).Where(i => parts[i] != fold)];
            int[] inside = [.. Enumerable.Range(0, flows.Count).Where(i => parts[i] == fold)];
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
}
