using ServeFlow.Features.Matrices;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>
/// Writes the labelled flows of each capture at its end, in the order in which they began: only then is known which
/// flow of a five-tuple a label means. Keeps the flows of one capture, or of all that are joined, 192 bytes a packet.
/// </summary>
sealed class LabelledRowWriter(RowWriter rows, FlowLabeller labels) : IRowReceiver
{
    readonly SortedDictionary<int, List<(MatrixRow Row, HeaderRecord[] Packets)>> kept = [];

    /// <summary>Holds the name of the capture that each flow begins in, by the flow's number.</summary>
    readonly List<string> captureOf = [];

    /// <summary>Gets the number of flows that no label names.</summary>
    public long Unlabelled { get; private set; }

    public void BeginCapture(int place, string name)
    {
        rows.BeginCapture(place, name);
        labels.BeginCapture(place);
    }

    public void JoinCapture(string name) => rows.JoinCapture(name);

    public bool Begin(ref Flow flow, in PacketSlot first)
    {
        var number = labels.Begin(flow, first.TimestampNs);
        if (number < 0)
        {
            Unlabelled++;
            return false;
        }

        captureOf.Add(rows.Capture); // flows are numbered in the order in which they begin
        flow.Tag = (ulong)number;
        return true;
    }

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
        if (!kept.TryGetValue((int)flow.Tag, out var units))
        {
            kept.Add((int)flow.Tag, units = new(1));
        }

        units.Add((RowWriter.CreateRow(captureOf[(int)flow.Tag], flow, unit), packets.ToArray()));
    }

    public void End(in Flow flow, long endNs)
    {
    }

    public void Finish(long fromNs, long toNs)
    {
        var labelOf = labels.EndCapture();
        foreach (var (number, units) in kept)
        {
            if (labelOf[number] is { } label)
            {
                units.ForEach(unit => rows.Write(unit.Row with { Label = label }, unit.Packets));
            }
            else
            {
                Unlabelled++;
            }
        }

        kept.Clear();
        captureOf.Clear();
    }
}
