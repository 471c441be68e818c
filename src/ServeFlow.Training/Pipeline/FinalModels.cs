using System.Text;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the fourth stage of a training: the models that are served, trained on all training
/// flows.</summary>
/// <param name="Tiers">The models of the tiers.</param>
/// <param name="Gains">The gain models, by the number of their tier: those that a rule asks for.</param>
sealed record FinalModels(IReadOnlyDictionary<ModelSpec, FinalModel> Tiers, IReadOnlyDictionary<int, FinalModel> Gains)
{
    /// <summary>Trains the tiers' models again, imported ones excepted, and the gain models.</summary>
    public static FinalModels Train(TrainingData data, PlacedCascade cascade, ModelTrainer models, TrainingWork work,
        CancellationToken cancel)
    {
        var tiers = cascade.Tiers.ToDictionary(tier => tier.Spec, tier => data.Imports.Find(tier.Spec)?.Final
            ?? Train(tier, data.Flows, models, work.Final(tier.Spec, cascade.Tiers), cancel));
        var gains = new GainCalibrator(data.CalibrationFlows, data.Parts, models.Options).TrainFinal(cascade, cancel);
        cancel.ThrowIfCancellationRequested();
        return new(tiers, gains);
    }

    /// <summary>Gets a tier's model as it is served.</summary>
    public ITierModel Model(TierCandidate tier) => Tiers[tier.Spec].Model;

    /// <summary>Gets the tiers of the cascade, to be timed as they will be served.</summary>
    public IReadOnlyList<TimedTier> ToTimedTiers(PlacedCascade cascade) =>
    [
        .. cascade.Tiers.Zip(cascade.Calibration.Rules).Select((tier, number) =>
            new TimedTier(tier.First.Spec.Depth, tier.Second, Model(tier.First).CreateScorer)
            {
                CreateGain = Gains.TryGetValue(number, out var gain) ? gain.Model.CreateScorer : null,
            }),
    ];

    static FinalModel Train(TierCandidate tier, FlowSample flows, ModelTrainer models,
        IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var model = models.Train(tier.Spec, flows, models.Options with { Rounds = tier.Rounds }, progress, cancel);
        return new(Encoding.UTF8.GetBytes(model.ModelText), ModelTrainer.Compile(model, tier.Spec, flows.Data.Schema));
    }
}
