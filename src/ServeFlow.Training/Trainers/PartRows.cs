namespace ServeFlow.Training.Trainers;

/// <summary>Chosen schema columns of a part's flows, extracted from the packed headers row by row.</summary>
/// <param name="columns">Ascending schema columns.</param>
sealed class PartRows(TrainingPart part, int[] columns) : IFlowRows
{
    public int Rows => part.Flows.Count;

    public int Columns => columns.Length;

    public static int[] AllColumns(TrainingPart part) =>
        [.. Enumerable.Range(0, part.Depth * part.Schema.ColumnsPerPacket)];

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
