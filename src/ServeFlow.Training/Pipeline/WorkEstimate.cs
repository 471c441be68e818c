using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// Estimates how long parts of training take, relative to each other, so that a progress bar moves evenly. It is rough
/// on purpose: columns grow with the depth, and boosting trains a tree for each class and round.
/// </summary>
sealed class WorkEstimate
{
    /// <summary>
    /// Left for choosing tiers and training them again: up to three of the candidates, on half more flows.
    /// </summary>
    const double FinalShare = 0.2;

    readonly IReadOnlyList<ModelSpec> specs;

    public WorkEstimate(IReadOnlyList<ModelSpec> specs) => this.specs = specs;

    public double CandidatesShare => 1 - FinalShare;

    public IProgress<TrainingProgress> Candidate(ModelSpec spec, IProgress<TrainingProgress>? progress) =>
        Part(specs, spec, 0, CandidatesShare, progress, null);

    public IProgress<TrainingProgress> Final(ModelSpec spec, IReadOnlyList<TierCandidate> tiers,
        IProgress<TrainingProgress>? progress) => Part([.. tiers.Select(t => t.Spec)], spec, CandidatesShare,
            FinalShare, progress, $"{spec}, on all training flows");

    static ProgressPart Part(IReadOnlyList<ModelSpec> all, ModelSpec spec, double begin, double length,
        IProgress<TrainingProgress>? progress, string? what)
    {
        var total = all.Sum(Weight);
        var before = all.TakeWhile(s => s != spec).Sum(Weight);
        return new(progress, begin + (length * before / total), length * Weight(spec) / total, what);
    }

    static double Weight(ModelSpec spec) => (1 + spec.Depth) * (spec.Model == "lgbm" ? 10 : 1);
}
