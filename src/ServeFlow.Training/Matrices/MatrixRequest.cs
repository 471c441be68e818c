using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>Says which captures become a feature matrix, and what its rows and columns are.</summary>
public sealed record MatrixRequest
{
    /// <summary>Gets the capture file, a directory of them, or <c>-</c> for standard input.</summary>
    public required string Path { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    /// <summary>Gets the labels file; null writes every flow without a label.</summary>
    public string? Labels { get; init; }

    /// <summary>Gets what is added to the times of the labels.</summary>
    public TimeSpan LabelShift { get; init; }

    /// <summary>Gets whether the captures are one link's, read in the order of time.</summary>
    public bool JoinsCaptures { get; init; }

    public required FeatureSchema Schema { get; init; }

    /// <summary>Gets how many first packets of each flow have columns.</summary>
    public required int Packets { get; init; }

    /// <summary>Gets the length of a window, each a row; null for a row per flow.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Gets how long after a row's first packet packets are its.</summary>
    public TimeSpan WaitLimit { get; init; } = CollectionRule.DefaultWaitLimit;

    /// <summary>Gets the rules by which flows end.</summary>
    public FlowOptions Flows { get; init; } = new();

    /// <summary>Gets whether the matrix says which captures it was made of, and what each is for.</summary>
    public bool DescribesCaptures { get; init; }

    /// <summary>Gets the share of the captures that a training with the same share and seed will hold out.</summary>
    public double HoldOut { get; init; }

    /// <summary>Gets the share of the others that a model is not to be trained on, to calibrate on.</summary>
    public double Calibrate { get; init; }

    public int Seed { get; init; }
}
