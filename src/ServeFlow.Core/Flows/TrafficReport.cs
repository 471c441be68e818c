using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// Reports what was read for learning or for a matrix, as the account of serving does: where every packet went, and
/// what was odd about it. <c>Packets = Tracked + Untracked.Total + Ignored.Total</c>.
/// </summary>
/// <param name="Packets">Packets of all captures.</param>
/// <param name="Tracked">Packets that were counted into a flow.</param>
/// <param name="Flows">Flows that these made.</param>
/// <param name="Ignored">Packets that could not be decoded, by reason.</param>
/// <param name="Untracked">Packets that belong to no flow, by reason.</param>
/// <param name="Odd">What was odd about packets and flows.</param>
public sealed record TrafficReport(long Packets, long Tracked, long Flows, Tally<IgnoreReason> Ignored,
    Tally<UntrackedReason> Untracked, TrafficOddities Odd)
{
    /// <summary>Formats the report, a line for each thing worth saying.</summary>
    public IEnumerable<string> Lines()
    {
        if (Tracked < Packets)
        {
            yield return $"{Packets:N0} packets = {Tracked:N0} tracked + {Untracked.Total:N0} outside flows"
                + $"{Untracked.FormatParts()} + {Ignored.Total:N0} ignored{Ignored.FormatParts()}";
        }

        if (Odd.BegunInTheMiddle > 0)
        {
            yield return $"{Odd.BegunInTheMiddle:N0} of {Flows:N0} flows begun in the middle";
        }

        var odd = string.Join(", ", Odd.Named.Select(entry => $"{entry.Name} {entry.Count:N0}"));
        if (odd.Length > 0)
        {
            yield return $"odd: {odd}";
        }
    }
}

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
