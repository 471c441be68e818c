namespace ServeFlow.Features.Matrices;

/// <summary>Describes the columns of a feature matrix.</summary>
/// <param name="Packets">How many packets of each flow have columns.</param>
/// <param name="HasLabels">Whether every row has a label.</param>
/// <param name="HasWindows">Whether rows are windows of flows, each with its number.</param>
public sealed record MatrixLayout(FeatureSchema Schema, int Packets, bool HasLabels, bool HasWindows = false)
{
    public int Columns => Packets * Schema.ColumnsPerPacket;

    /// <summary>Gets the names of the feature columns, such as <c>p1_ipv4_ttl_0</c>, in order.</summary>
    public IEnumerable<string> Names => Enumerable.Range(0, Columns).Select(Schema.ColumnName);

    /// <summary>Gets what is known of the captures, by name; empty where nobody asked.</summary>
    public IReadOnlyDictionary<string, MatrixCapture> Captures { get; init; } =
        new Dictionary<string, MatrixCapture>();
}

/// <summary>Represents a capture that rows come from.</summary>
/// <param name="Sha256">The SHA-256 of the file's bytes, in lower-case hexadecimal.</param>
/// <param name="Part">What its rows are for: <c>train</c>, <c>calibrate</c>, <c>held_out</c>.</param>
public sealed record MatrixCapture(string Sha256, string Part);
