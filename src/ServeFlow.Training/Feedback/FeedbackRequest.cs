using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;

namespace ServeFlow.Training.Feedback;

/// <summary>Holds what <c>feedback</c> was asked for.</summary>
public sealed record FeedbackRequest
{
    /// <summary>Gets the bundle that answered.</summary>
    public required Bundle Bundle { get; init; }

    /// <summary>Gets flows whose labels came later, read with the bundle's schema, to the depth of its last tier at
    /// least.</summary>
    public required DataSet Data { get; init; }

    /// <summary>Gets how labels and captures were matched.</summary>
    public LabelReport? Report { get; init; }

    /// <summary>Gets where the bundle that is calibrated anew is written; null writes none.</summary>
    public string? Output { get; init; }

    /// <summary>Gets the weighted F1 that early answers may lose; null asks what training was asked.</summary>
    public double? MaxLoss { get; init; }

    /// <summary>Gets the seed of all draws.</summary>
    public int Seed { get; init; } = 1;
}
