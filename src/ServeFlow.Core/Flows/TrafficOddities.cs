using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// Names what was odd about packets and flows, for whoever reports it: a reader of records, or of labelled captures
/// before a model learns from them.
/// </summary>
/// <param name="packets">Oddities of decoded packets.</param>
/// <param name="events">Oddities that the flow table saw.</param>
/// <param name="untracked">Packets that were left out of flows, among them duplicates.</param>
public sealed class TrafficOddities(OddityTally packets, Tally<FlowEvent> events, Tally<UntrackedReason> untracked)
{
    /// <summary>Gets how many packets the captures showed a second time, whether these were left out or not.</summary>
    public long Duplicates => events[FlowEvent.DuplicatePacket] + untracked[UntrackedReason.Duplicate];

    /// <summary>
    /// Gets the number of TCP flows whose first packet was no SYN. Where it was the answer to one, the answer's
    /// receiver is the client; any other packet's sender is taken for it.
    /// </summary>
    public long BegunInTheMiddle => events[FlowEvent.TcpWithoutSyn] + events[FlowEvent.SynAckFirst];

    /// <summary>Gets how many of these were left in, and make counts and models wrong.</summary>
    public long DuplicatesKept => events[FlowEvent.DuplicatePacket];

    /// <summary>Lists the oddities that occurred, by name.</summary>
    public IEnumerable<(string Name, long Count)> Named =>
        packets.Named()
            .Concat(events.NonZero().Select(entry => (SnakeCase.From(entry.Reason), entry.Count)));
}
