using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Units;

namespace ServeFlow.Cli.Commands.Features;

/// <summary>Holds what the <c>features</c> verb was asked for.</summary>
sealed record FeaturesOptions
{
    /// <summary>Capture file, directory, or <c>-</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    public string? Labels { get; init; }

    /// <summary>Gets what is added to the times of the labels.</summary>
    public TimeSpan LabelShift { get; init; }

    /// <summary>Gets whether the captures are read as one link's.</summary>
    public bool Join { get; init; }

    public required string Set { get; init; }

    public required string Mask { get; init; }

    /// <summary>Gets whether the mask was asked for; nPrint's text has none otherwise.</summary>
    public bool MaskIsGiven { get; init; }

    /// <summary>First packets of each flow that have columns.</summary>
    public required int Packets { get; init; }

    /// <summary>Gets the length of a window, each a row; null for a row per flow.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Gets how long after a row's first packet its packets are kept.</summary>
    public TimeSpan WaitLimit { get; init; } = CollectionRule.DefaultWaitLimit;

    /// <summary>Gets when flows end, and how many there may be.</summary>
    public FlowRequest Flows { get; init; } = new();

    /// <summary><c>csv</c>, <c>npz</c>, <c>parquet</c> or <c>nprint</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Gets whether names in CSV that a spreadsheet would run as a formula are neutralised.</summary>
    public bool HasSafeCells { get; init; }

    /// <summary>Gets the share of the captures that <c>train</c> with the same share and seed will hold out.</summary>
    public double HoldOut { get; init; }

    /// <summary>Gets the share of the others that a model is not to be trained on, for <c>train</c> to calibrate
    /// on.</summary>
    public double Calibrate { get; init; }

    public int Seed { get; init; }

    /// <summary>Null or <c>-</c> is standard output.</summary>
    public string? Output { get; init; }
}
