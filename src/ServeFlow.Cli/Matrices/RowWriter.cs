using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Flows;

namespace ServeFlow.Cli.Matrices;

/// <summary>Writes every flow as a row, at once.</summary>
sealed class RowWriter(IMatrixWriter writer, MatrixLayout layout) : IFlowReceiver
{
    readonly float[] values = new float[layout.Columns];

    public string Capture { get; set; } = "";

    public long Count { get; private set; }

    public bool Begin(ref Flow flow) => true;

    public void Receive(in Flow flow, ReadOnlySpan<HeaderRecord> packets) => Write(RowOf(flow, null), packets);

    public MatrixRow RowOf(in Flow flow, string? label) => new(Capture, flow.Source, flow.SourcePort,
        flow.Destination, flow.DestinationPort, flow.Key.Protocol, flow.FirstNs, label);

    public void Write(in MatrixRow row, ReadOnlySpan<HeaderRecord> packets)
    {
        layout.Schema.ExtractAll(packets, values);
        writer.Write(row, values);
        Count++;
    }
}
