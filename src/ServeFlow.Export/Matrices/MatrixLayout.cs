using ServeFlow.Features;

namespace ServeFlow.Export.Matrices;

/// <summary>What the columns of a feature matrix are.</summary>
/// <param name="Packets">How many packets of each flow have columns.</param>
/// <param name="HasLabels">Whether every row has a label.</param>
public sealed record MatrixLayout(FeatureSchema Schema, int Packets, bool HasLabels)
{
    public int Columns => Packets * Schema.ColumnsPerPacket;

    /// <summary>The names of the feature columns, such as <c>p1_ipv4_ttl_0</c>, in order.</summary>
    public IEnumerable<string> Names => Enumerable.Range(0, Columns).Select(Schema.ColumnName);
}
