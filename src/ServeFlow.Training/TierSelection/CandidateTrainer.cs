using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Trains one kind of model at one depth on all folds but one, in turn, so that every training flow is predicted by
/// a model that saw nothing of its capture. Early stopping looks at a fold to find the number of rounds for the others:
/// a fold is predicted with as many rounds as were best on the other ones.
/// </summary>
/// <param name="models">What trains each model.</param>
/// <param name="flows">The training flows.</param>
/// <param name="folds">The same flows, divided.</param>
/// <param name="costs">The constants that computing is estimated by.</param>
/// <param name="meter">What times computing on this machine.</param>
sealed class CandidateTrainer(ModelTrainer models, FlowSample flows, IReadOnlyList<SplitParts> folds,
    CostConstants costs, CostMeasurement meter)
{
    readonly DataSet data = flows.Data;

    public TierCandidate Train(ModelSpec spec, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var predictions = new Predictions(flows.Count, data.Labels.Count);
        var trained = folds.Select((fold, number) => models.Train(spec, fold,
            new ProgressPart(progress, number, folds.Count, $"{spec}, fold {number + 1} of {folds.Count}"), cancel))
            .ToList();
        var byFold = new List<Lazy<CompiledModel>>();
        ModelCost? cost = null;
        foreach (var (number, fold) in folds.Index())
        {
            var rounds = BestRounds([.. trained.Where((_, other) => other != number)]);
            var compiled = ModelTrainer.Compile(trained[number], spec, data.Schema, rounds);
            new FlowScorer(spec.Depth, data.WaitLimit, compiled.CreateScorer)
                .Score(fold.HeldOut, predictions, flows.PositionsOf(fold.HeldOut), cancel);
            cost ??= MeasureCost(compiled, spec.Depth, fold.HeldOut);
            var forest = compiled.Forest;
            byFold.Add(new(() => new(forest, data.Schema, spec.Depth, spec.ToString())));
        }

        return Measure(spec, predictions, cost!) with
        {
            Rounds = BestRounds(trained),
            ScorePackets = (asked, packets) => ScoreByFold(spec, byFold, asked, packets, cancel),
        };
    }

    /// <summary>Gets the rounds that were best on average, rounded up.</summary>
    static int BestRounds(IReadOnlyList<TrainedModel> trained) => (int)Math.Ceiling(trained.Average(m => m.Rounds));

    /// <summary>Every flow is scored by the model that was trained without its fold.</summary>
    /// <param name="compiled">The models by fold. They are compiled when they are asked for: few candidates become a
    /// tier, and a compiled model takes several times the memory of its forest.</param>
    Predictions ScoreByFold(ModelSpec spec, List<Lazy<CompiledModel>> compiled, FlowSample asked, int[] packets,
        CancellationToken cancel)
    {
        var predictions = new Predictions(asked.Count, data.Labels.Count);
        var foldOf = SplitParts.FoldOf(folds, asked);
        foreach (var fold in Enumerable.Range(0, asked.Count).GroupBy(position => foldOf[position]))
        {
            int[] rows = [.. fold];
            new FlowScorer(spec.Depth, data.WaitLimit, compiled[fold.Key].Value.CreateScorer).Score(asked.Subset(rows),
                [.. rows.Select(row => packets[row])], predictions, rows, cancel);
        }

        return predictions;
    }

    /// <summary>Measures a model that was made elsewhere. It may have seen some of the flows: see
    /// <see cref="Subset"/>.</summary>
    public TierCandidate Import(ImportedModel model, CancellationToken cancel)
    {
        var scorer = new FlowScorer(model.Spec.Depth, data.WaitLimit, model.Model.CreateScorer);
        var cost = MeasureCost(model.Model, model.Spec.Depth, folds[0].HeldOut);
        return Measure(model.Spec, scorer.Score(flows, data.Labels.Count, cancel), cost) with
        {
            ScorePackets = (asked, packets) => scorer.Score(asked, packets, data.Labels.Count, cancel),
        };
    }

    /// <summary>Returns a candidate as it is on some of the flows.</summary>
    /// <param name="some">Some of the flows that it was measured on; all of them change nothing.</param>
    public TierCandidate Subset(TierCandidate candidate, FlowSample some)
    {
        if (some.Count == flows.Count)
        {
            return candidate;
        }

        var part = candidate.Subset(flows.PositionsOf(some));
        var matrix = part.Predictions.Score(some);
        return part with { WeightedF1 = matrix.WeightedF1, MacroF1 = matrix.MacroF1 };
    }

    TierCandidate Measure(ModelSpec spec, Predictions predictions, ModelCost cost)
    {
        var matrix = predictions.Score(flows);
        return new()
        {
            Spec = spec,
            Predictions = predictions,
            Cost = cost,
            ReadyNs = [.. Enumerable.Range(0, flows.Count)
                .Select(position => WaitTime.Compute(flows, position, spec.Depth, data.WaitLimit).ReadyNs)],
            WeightedF1 = matrix.WeightedF1,
            MacroF1 = matrix.MacroF1,
        };
    }

    /// <summary>Estimates what the model costs, and measures what it costs where it is served here.</summary>
    ModelCost MeasureCost(ITierModel model, int depth, FlowSample unseen) => new(costs.Estimate(model.Work, depth),
        model.EngineName, model.MemoryBytes, meter(unseen, data.WaitLimit, [TimedTier.SingleTier(depth, model)]));
}
