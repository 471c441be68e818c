using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Reports what answering <c>unknown</c> did. In every other table such an answer is a wrong one, whatever the flow;
/// here it is right for flows of classes that the bundle does not know.
/// </summary>
public sealed record UnknownReport
{
    /// <summary>Gets the share of known flows that may be answered unknown.</summary>
    public required double Budget { get; init; }

    /// <summary>Gets the number of flows of classes that the bundle knows.</summary>
    public required int Known { get; init; }

    /// <summary>Gets how many of them were answered unknown.</summary>
    public required int Rejected { get; init; }

    /// <summary>Gets how many of those would have got a wrong class otherwise.</summary>
    public required int RejectedWrong { get; init; }

    /// <summary>Gets the weighted F1 of the cascade, were every flow given a class.</summary>
    public required double WeightedF1Closed { get; init; }

    /// <summary>Over all flows, with all classes that the bundle does not know as one, unknown.</summary>
    public required ConfusionMatrix OpenSet { get; init; }

    /// <summary>
    /// Gets the area under the ROC curve over all flows of classes that the bundle does not know; null where there is
    /// none.
    /// </summary>
    public required double? Auroc { get; init; }

    /// <summary>Gets the classes that the bundle does not know.</summary>
    public required IReadOnlyList<UnknownClassScore> UnknownClasses { get; init; }

    public double RejectedShare => Known == 0 ? 0 : (double)Rejected / Known;
}

/// <summary>Represents a class of the evaluated flows that the bundle does not know.</summary>
/// <param name="Auroc">Probability that one of its flows has more novelty than a known one.</param>
/// <param name="Detected">Share of its flows answered unknown.</param>
public sealed record UnknownClassScore(string Label, int Flows, double Auroc, double Detected);
