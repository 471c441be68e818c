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
    readonly List<string> captures = [];

    public long Rows { get; private set; }

    /// <summary>Gets the name of the capture that flows begin in.</summary>
    public string Capture => captures[^1];

    public void BeginCapture(int place, string name)
    {
        captures.Clear();
        captures.Add(name);
    }

    public void JoinCapture(string name) => captures.Add(name);

    public bool Begin(ref Flow flow, in PacketSlot first)
    {
        flow.Tag = (ulong)captures.Count - 1;
        return true;
    }

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets) =>
        Write(CreateRow(captures[(int)flow.Tag], flow, unit), packets);

    public void End(in Flow flow, long endNs)
    {
    }

    public void Finish(long fromNs, long toNs)
    {
    }

    public static MatrixRow CreateRow(string capture, in Flow flow, in FlowUnit unit) => new(capture, flow.Source,
        flow.SourcePort, flow.Destination, flow.DestinationPort, flow.Key.Protocol, unit.FirstNs, null)
    { Window = unit.Window };

    public void Write(in MatrixRow row, ReadOnlySpan<HeaderRecord> packets)
    {
        layout.Schema.ExtractAll(packets, values);
        writer.Write(row, values);
        Rows++;
    }
}
