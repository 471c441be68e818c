using System.Text;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Models;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Trains one kind of model at one depth on all folds but one, in turn, so that every training flow is predicted by
/// a model that saw nothing of its capture. (Early stopping does look at the fold that is then predicted; it chooses
/// the number of rounds alone.)
/// </summary>
sealed class CandidateTrainer(TrainRequest request, IReadOnlyList<int> flows, IReadOnlyList<SplitParts> folds)
{
    readonly DataSet data = request.Data;

    public TierCandidate Train(ModelSpec spec, out int rounds, IProgress<TrainingProgress> progress,
        CancellationToken cancel)
    {
        var predictions = new Predictions(flows.Count, data.Labels.Count);
        var placeOf = flows.Index().ToDictionary(f => f.Item, f => f.Index);
        var (kept, scorers) = (new List<int>(), new List<Func<IBatchScorer>>());
        ModelCost? cost = null;
        foreach (var (number, fold) in folds.Index())
        {
            var part = new ProgressPart(progress, number, folds.Count, $"{spec}, fold {number + 1} of {folds.Count}");
            var model = request.Trainer(spec).Train(new(data, fold.Train, spec.Depth),
                new(data, fold.HeldOut, spec.Depth), request.Options, part, cancel);
            var compiled = Compile(model, spec);
            new FlowScorer(data, spec.Depth, request.WaitLimit, compiled.CreateScorer)
                .Score(fold.HeldOut, predictions, [.. fold.HeldOut.Select(f => placeOf[f])], cancel);
            cost ??= MeasureCost(compiled, spec.Depth, fold.HeldOut);
            kept.Add(model.Rounds);
            scorers.Add(compiled.CreateScorer);
        }

        rounds = (int)Math.Ceiling(kept.Average());
        return Measure(spec, predictions, cost!) with
        {
            ScorePackets = (places, packets, into) => ScoreByFold(spec, scorers, places, packets, into, cancel),
        };
    }

    /// <summary>Every flow is scored by the model that was trained without its fold.</summary>
    void ScoreByFold(ModelSpec spec, List<Func<IBatchScorer>> scorers, IReadOnlyList<int> places,
        IReadOnlyList<int> packets, Predictions into, CancellationToken cancel)
    {
        var foldOf = folds.SelectMany((fold, number) => fold.HeldOut.Select(f => (f, number))).ToDictionary();
        foreach (var fold in Enumerable.Range(0, places.Count).GroupBy(i => foldOf[flows[places[i]]]))
        {
            int[] rows = [.. fold];
            new FlowScorer(data, spec.Depth, request.WaitLimit, scorers[fold.Key]).Score(
                [.. rows.Select(i => flows[places[i]])], [.. rows.Select(i => packets[i])], into, rows, cancel);
        }
    }

    /// <summary>Trains on every flow, with the number of rounds that stood the test on the folds.</summary>
    public FinalModel TrainFinal(ModelSpec spec, int rounds, IProgress<TrainingProgress> progress,
        CancellationToken cancel)
    {
        var model = request.Trainer(spec).Train(new(data, flows, spec.Depth), null,
            request.Options with { Rounds = rounds }, progress, cancel);
        return new(Encoding.UTF8.GetBytes(model.ModelText), Compile(model, spec));
    }

    /// <summary>Scores flows on the first so many of their packets.</summary>
    public void Score(ITierModel model, ModelSpec spec, IReadOnlyList<int> asked, IReadOnlyList<int> packets,
        Predictions into, CancellationToken cancel) =>
        new FlowScorer(data, spec.Depth, request.WaitLimit, model.CreateScorer)
            .Score(asked, packets, into, [.. Enumerable.Range(0, asked.Count)], cancel);

    /// <summary>Measures a model that was made elsewhere. It may have seen some of the flows: see
    /// <see cref="Subset"/>.</summary>
    public TierCandidate Import(ImportedModel model, CancellationToken cancel)
    {
        var predictions = Predict(model.Model, model.Spec, flows, cancel);
        return Measure(model.Spec, predictions, MeasureCost(model.Model, model.Spec.Depth, folds[0].HeldOut)) with
        {
            ScorePackets = (places, packets, into) =>
                Score(model.Model, model.Spec, [.. places.Select(p => flows[p])], packets, into, cancel),
        };
    }

    /// <summary>A candidate as it is on some of the flows.</summary>
    /// <param name="places">Among the flows; all of them changes nothing.</param>
    public TierCandidate Subset(TierCandidate candidate, IReadOnlyList<int> places)
    {
        if (places.Count == flows.Count)
        {
            return candidate;
        }

        var (part, matrix) = (candidate.Subset(places), new ConfusionMatrix(data.Labels.Count));
        foreach (var (i, place) in places.Index())
        {
            matrix.Add(data.Flows[flows[place]].Label, part.Predictions.TopClass(i));
        }

        return part with
        {
            WeightedF1 = matrix.WeightedF1,
            MacroF1 = matrix.MacroF1,
            ScorePackets = candidate.ScorePackets is { } score
                ? (asked, packets, into) => score([.. asked.Select(p => places[p])], packets, into)
                : null,
        };
    }

    /// <summary>A model's predictions of some flows, in their order.</summary>
    public Predictions Predict(ITierModel model, ModelSpec spec, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        var predictions = new Predictions(asked.Count, data.Labels.Count);
        new FlowScorer(data, spec.Depth, request.WaitLimit, model.CreateScorer)
            .Score(asked, predictions, [.. Enumerable.Range(0, asked.Count)], cancel);
        return predictions;
    }

    TierCandidate Measure(ModelSpec spec, Predictions predictions, ModelCost cost)
    {
        var matrix = new ConfusionMatrix(data.Labels.Count);
        for (var i = 0; i < flows.Count; i++)
        {
            matrix.Add(data.Flows[flows[i]].Label, predictions.TopClass(i));
        }

        return new()
        {
            Spec = spec,
            Predictions = predictions,
            Cost = cost,
            ReadyNs = [.. flows.Select(f => WaitTime.Compute(data, f, spec.Depth, request.WaitLimit).ReadyNs)],
            WeightedF1 = matrix.WeightedF1,
            MacroF1 = matrix.MacroF1,
        };
    }

    /// <summary>What serves the model, and what it costs there.</summary>
    ModelCost MeasureCost(ITierModel model, int depth, IReadOnlyList<int> unseen) => new(model.EngineName,
        model.MemoryBytes, CostMeter.Measure(data, unseen, request.WaitLimit, [TimedTier.SingleTier(depth, model)]));

    /// <summary>For the engine that will serve it.</summary>
    public CompiledModel Compile(TrainedModel model, ModelSpec spec) =>
        new CompiledModel(LightGbmText.Read(model.ModelText, spec.ToString()), data.Schema, spec.Depth, spec.ToString());
}
