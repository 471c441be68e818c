using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;

namespace ServeFlow.Training.Evaluation;

/// <summary>Holds what <c>evaluate</c> was asked for.</summary>
public sealed record EvaluationRequest
{
    public required Bundle Bundle { get; init; }

    /// <summary>Read with the bundle's schema, to the depth of its last tier at least.</summary>
    public required DataSet Data { get; init; }

    /// <summary>Gets how labels and captures were matched; null leaves its figures 0.</summary>
    public LabelReport? Report { get; init; }

    /// <summary>Gets whether the answers to each flow are listed.</summary>
    public bool ListsPredictions { get; init; }

    /// <summary>Gets the seed of the random assignments and of the draws of captures.</summary>
    public int Seed { get; init; } = 1;
}
