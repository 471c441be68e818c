using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Units;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// Lists all flows of one capture, or of several that are joined, in the order in which they begin, as they are at
/// their end.
/// </summary>
sealed class FlowList : IUnitReceiver
{
    readonly List<ListedFlow> rows = [];
    bool isFinished;

    /// <summary>Gets the flows of the capture that was read last.</summary>
    public IReadOnlyList<ListedFlow> Rows => isFinished ? rows : [];

    /// <summary>Gets or sets the name of the capture that flows begin in.</summary>
    public string Capture { get; set; } = "";

    public bool Begin(ref Flow flow, in PacketSlot first)
    {
        if (isFinished)
        {
            rows.Clear();
            isFinished = false;
        }

        flow.Tag = (ulong)rows.Count;
        rows.Add(new(Capture, flow, MacAddress.Source(first), MacAddress.Destination(first)));
        return false;
    }

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
    }

    public void End(in Flow flow, long endNs) => rows[(int)flow.Tag] = rows[(int)flow.Tag] with { Flow = flow };

    public void Finish(long fromNs, long toNs)
    {
        if (isFinished)
        {
            rows.Clear(); // a capture without a flow
        }

        isFinished = true;
    }
}

/// <summary>Represents a flow with the capture and the link-layer addresses of its first packet.</summary>
readonly record struct ListedFlow(string Capture, Flow Flow, MacAddress? SourceMac, MacAddress? DestinationMac);
