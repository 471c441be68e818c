using ServeFlow.Training.Datasets.Labels;

namespace ServeFlow.Training.Labelling;

/// <summary>Represents a flow of a labels file that is being filled.</summary>
/// <param name="fields">The row's fields as they stand in the file.</param>
sealed class SheetRow(IReadOnlyList<string> fields, int line, FlowTuple tuple)
{
    public IReadOnlyList<string> Fields => fields;

    public int Line => line;

    public FlowTuple Tuple => tuple;

    public required string Label { get; set; }

    /// <summary>Gets the capture, with directories; empty where the row names none.</summary>
    public required string Capture { get; init; }

    /// <summary>Gets the Community ID; empty where the file has none.</summary>
    public required string CommunityId { get; init; }

    public required MacAddress? SourceMac { get; init; }

    public required MacAddress? DestinationMac { get; init; }

    public long? FirstNs { get; set; }

    public long? LastNs { get; set; }
}
