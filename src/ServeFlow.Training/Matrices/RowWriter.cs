using ServeFlow.Features.Matrices;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>Writes every flow, or window, as a row, at once.</summary>
sealed class RowWriter(IMatrixWriter writer, MatrixLayout layout) : IRowReceiver
{
    readonly float[] values = new float[layout.Columns];
    string capture = "";

    public long Rows { get; private set; }

    public void BeginCapture(int place, string name) => capture = name;

    public bool Begin(ref Flow flow, in PacketSlot first) => true;

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets) =>
        Write(RowOf(flow, unit), packets);

    public void End(in Flow flow, long endNs)
    {
    }

    public void Finish(long fromNs, long toNs)
    {
    }

    public MatrixRow RowOf(in Flow flow, in FlowUnit unit) => new(capture, flow.Source, flow.SourcePort,
        flow.Destination, flow.DestinationPort, flow.Key.Protocol, unit.FirstNs, null)
    { Window = unit.Window };

    public void Write(in MatrixRow row, ReadOnlySpan<HeaderRecord> packets)
    {
        layout.Schema.ExtractAll(packets, values);
        writer.Write(row, values);
        Rows++;
    }
}
