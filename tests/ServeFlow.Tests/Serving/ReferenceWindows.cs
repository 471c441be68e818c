using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Tests.Serving;

/// <summary>
/// Windows and their answers, slow and obvious: every packet goes into the list of its flow's window, and at the end
/// each list is answered as <see cref="TinyCascade"/> with tiers at packets 1 and 3 would.
/// </summary>
sealed class ReferenceWindows
{
    const long WaitLimitNs = 1_000_000_000;

    readonly Dictionary<(int Flow, long Id, long Window), List<(long AtNs, int Payload, bool IsOver)>> windows = [];

    /// <summary>
    /// By place in the table: how many flows had begun when the one there did. Two can have the same id.
    /// </summary>
    readonly Dictionary<int, int> numbers = [];

    public ReferenceWindows(IPacketSource source, TimeSpan length)
    {
        var table = new FlowTable<NullListener>(new(), default);
        var burst = new PacketBurst();
        while (source.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                if (PacketDecoder.TryDecode(packet, out var headers, out _)
                    && table.Track(packet, headers, out _, out var isNew) is >= 0 and var index)
                {
                    numbers[index] = isNew ? (int)table.Created : numbers[index];
                    Add(numbers[index], table[index], packet, headers, (long)length.TotalNanoseconds);
                }
            }
        }
    }

    /// <summary>Of each window its flow, its number, the label, and the packets that the answer rests on.</summary>
    public IEnumerable<(long Flow, long Window, int Label, int Packets)> Answers =>
        windows.Select(window =>
            (window.Key.Id, window.Key.Window, Answer(window.Value).Label, Answer(window.Value).Packets));

    void Add(int number, in Flow flow, in PacketSlot packet, in PacketHeaders headers, long lengthNs)
    {
        var key = (number, FlowId.Compute(flow), (packet.TimestampNs - flow.FirstNs) / lengthNs);
        if (!windows.TryGetValue(key, out var packets))
        {
            windows.Add(key, packets = []);
        }

        var isUdp = headers.Protocol == IpProtocol.Udp;
        packets.Add((packet.TimestampNs, isUdp ? headers.PayloadLength : -1, flow.IsClosed));
    }

    readonly struct NullListener : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
        }

        public void Turning(int index, ref Flow flow)
        {
        }
    }

    static (int Label, int Packets) Answer(List<(long AtNs, int Payload, bool IsOver)> packets)
    {
        if (packets[0].Payload >= 0 && (packets[0].Payload & 2) != 0)
        {
            return (packets[0].Payload & 1, 1);
        }

        // What comes after the wait limit, or after the connection's end, is not waited for.
        var seen = packets.TakeWhile((packet, i) => packet.AtNs - packets[0].AtNs <= WaitLimitNs
            && (i == 0 || !packets[i - 1].IsOver)).Take(3).ToList();
        return (seen.Count == 3 && seen[2].Payload >= 0 ? seen[2].Payload & 1 : TinyCascade.Even, seen.Count);
    }
}
