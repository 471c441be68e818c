namespace ServeFlow.Training.Trainers;

/// <summary>Chosen schema columns of a part's flows, extracted from the packed headers row by row.</summary>
/// <param name="columns">Ascending schema columns.</param>
sealed class PartRows(TrainingPart part, int[] columns) : IFlowRows
{
    /// <summary>
    /// Packets whose own columns are learned from where there are aggregates: later ones count through these alone.
    /// </summary>
    const int MaxPackets = 32;

    public int Rows => part.Flows.Count;

    public int Columns => columns.Length;

    /// <summary>
    /// Finds the columns that tell flows of the part apart, ascending, of those that a model of its depth learns from.
    /// </summary>
    public static int[] DistinctColumns(TrainingPart part, int threads, CancellationToken cancel)
    {
        var all = AllColumns(part);
        return Array.ConvertAll(ColumnSurvey.DistinctColumns(new PartRows(part, all), threads, cancel),
            place => all[place]);
    }

    /// <summary>
    /// Gets the columns that a model of the part's depth learns from: those of its packets, and of the aggregates those
    /// over all of them.
    /// </summary>
    static int[] AllColumns(TrainingPart part)
    {
        var (schema, perPacket) = (part.Schema, part.Schema.ColumnsPerPacket);
        var packets = schema.HasAggregates ? MaxPackets : part.Depth;
        return
        [
            .. Enumerable.Range(0, part.Depth * perPacket).Where(column => schema.IsAggregate(column % perPacket)
                ? column / perPacket == part.Depth - 1
                : column / perPacket < packets),
        ];
    }

    public void Read(int row, Span<float> values)
    {
        var schema = part.Schema;
        var packets = part.Flows.Packets(row);
        packets = packets[..Math.Min(packets.Length, part.Depth)];
        if (columns.Length == part.Depth * schema.ColumnsPerPacket)
        {
            schema.ExtractAll(packets, values);
        }
        else
        {
            schema.Extract(packets, columns, values);
        }
    }
}
