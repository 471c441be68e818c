using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// Reports how far a training is. It estimates how long its parts take, relative to each other, so that a progress bar
/// moves evenly. The estimate is rough on purpose: columns grow with the depth, and boosting trains a tree for each
/// class and round.
/// </summary>
sealed class TrainingWork
{
    /// <summary>
    /// Left for choosing tiers and training them again: up to three of the candidates, on half more flows.
    /// </summary>
    const double FinalShare = 0.2;

    /// <summary>Specifies the cascade's share of the work, roughly half, where each class is also left out in
    /// turn.</summary>
    const double CascadeShare = 0.5;

    /// <summary>Specifies the share of choosing features: forests at five sets.</summary>
    const double FeatureShare = 0.25;

    readonly IReadOnlyList<ModelSpec> specs;
    readonly IProgress<TrainingProgress>? whole;
    readonly IProgress<TrainingProgress>? features;

    /// <summary>Progress of all but leaving classes out.</summary>
    readonly IProgress<TrainingProgress>? cascade;

    /// <param name="specs">The models to train by folds.</param>
    /// <param name="choosesFeatures">Whether feature sets are compared before.</param>
    /// <param name="leavesClassesOut">Whether each class is also left out in turn.</param>
    /// <param name="progress">What is told of it, if anything.</param>
    public TrainingWork(IReadOnlyList<ModelSpec> specs, bool choosesFeatures, bool leavesClassesOut,
        IProgress<TrainingProgress>? progress)
    {
        this.specs = specs;
        features = progress;
        whole = choosesFeatures ? new ProgressPart(progress, FeatureShare, 1 - FeatureShare, null) : progress;
        cascade = leavesClassesOut ? new ProgressPart(whole, 0, CascadeShare, null) : whole;
    }

    /// <param name="work">The same work but for its models.</param>
    TrainingWork(IReadOnlyList<ModelSpec> specs, TrainingWork work) =>
        (this.specs, features, whole, cascade) = (specs, work.features, work.whole, work.cascade);

    /// <summary>Gets the work of training other models.</summary>
    /// <param name="others">All that are trained by folds.</param>
    public TrainingWork Of(IReadOnlyList<ModelSpec> others) => new(others, this);

    /// <summary>Gets the progress of comparing feature sets.</summary>
    public IProgress<TrainingProgress> Features => new ProgressPart(features, 0, FeatureShare, null);

    /// <summary>Gets the progress of training each tier without each class.</summary>
    public IProgress<TrainingProgress> LeavingOut => new ProgressPart(whole, CascadeShare, 1 - CascadeShare, null);

    /// <summary>Gets the progress of training a candidate by folds.</summary>
    public IProgress<TrainingProgress> Candidate(ModelSpec spec) => Part(specs, spec, 0, 1 - FinalShare, null);

    /// <summary>Gets the progress of training a tier on all training flows.</summary>
    public IProgress<TrainingProgress> Final(ModelSpec spec, IReadOnlyList<TierCandidate> tiers) =>
        Part([.. tiers.Select(t => t.Spec)], spec, 1 - FinalShare, FinalShare, $"{spec}, on all training flows");

    public void ReportPlacement() => cascade?.Report(new(1 - FinalShare, "choosing tiers and thresholds"));

    public void ReportEnd() => whole?.Report(new(1, "bundle written"));

    ProgressPart Part(IReadOnlyList<ModelSpec> all, ModelSpec spec, double begin, double length, string? what)
    {
        var total = all.Sum(Weight);
        var before = all.TakeWhile(s => s != spec).Sum(Weight);
        return new(cascade, begin + (length * before / total), length * Weight(spec) / total, what);
    }

    static double Weight(ModelSpec spec) => (1 + spec.Depth) * (spec.Model == "lgbm" ? 10 : 1);
}
