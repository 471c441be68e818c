using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Cli.Matrices;

/// <summary>
/// Writes the labelled flows of each capture at its end, in the order in which they began: only then is known which
/// flow of a five-tuple a label means. Keeps one capture's flows, 192 bytes a packet.
/// </summary>
sealed class LabelledRowWriter(RowWriter rows, FlowLabeller labels) : IFlowReceiver
{
    readonly SortedDictionary<int, (MatrixRow Row, HeaderRecord[] Packets)> kept = [];

    public long Rows => rows.Rows;

    /// <summary>Flows that no label names.</summary>
    public long Unlabelled { get; private set; }

    public void BeginCapture(int place, string name)
    {
        rows.BeginCapture(place, name);
        labels.BeginCapture(place);
    }

    public bool Begin(ref Flow flow)
    {
        var number = labels.Begin(flow);
        if (number < 0)
        {
            Unlabelled++;
            return false;
        }

        flow.Tag = (ulong)number;
        return true;
    }

    public void Receive(in Flow flow, ReadOnlySpan<HeaderRecord> packets) =>
        kept.Add((int)flow.Tag, (rows.RowOf(flow), packets.ToArray()));

    public void EndCapture(long fromNs, long toNs)
    {
        var labelOf = labels.EndCapture(fromNs, toNs);
        foreach (var (number, (row, packets)) in kept)
        {
            if (labelOf[number] is { } label)
            {
                rows.Write(row with { Label = label }, packets);
            }
            else
            {
                Unlabelled++;
            }
        }

        kept.Clear();
    }
}
