using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the second stage of a training: every model that could become a tier, measured on the
/// calibration flows.</summary>
sealed record MeasuredCandidates(IReadOnlyList<TierCandidate> All)
{
    /// <summary>Trains each model by folds, and measures it and the imported ones.</summary>
    public static MeasuredCandidates Measure(TrainingData data, TrainRequest request, ModelTrainer models,
        TrainingWork work, CancellationToken cancel)
    {
        var trainer = new CandidateTrainer(models, data.Flows, data.Folds, request.Costs, request.Meter);
        var trained = data.Specs.Select(spec => trainer.Train(spec, work.Candidate(spec), cancel)).ToList();
        var imported = data.Imports.All.Select(model => trainer.Import(model, cancel));
        return new([.. trained.Concat(imported).Select(candidate => trainer.Subset(candidate, data.CalibrationFlows))]);
    }
}
