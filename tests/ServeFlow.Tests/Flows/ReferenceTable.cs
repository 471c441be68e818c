using ServeFlow.Flows;
using ServeFlow.Packets;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

/// <summary>A flow that has ended, in the terms on which both tables must agree.</summary>
sealed record EndedFlow(FlowKey Key, IpAddress Source, ushort SourcePort, long FirstNs, long LastNs, uint Forward,
    uint Backward, long Bytes, long Payload, bool Continues, EndReason Reason, long EndNs);

/// <summary>
/// The flow rules once more, as plainly as they can be said: a dictionary, looked through as a whole before every
/// packet. No timers, no hash, no memory limit.
/// </summary>
sealed class ReferenceTable(FlowOptions options)
{
    sealed class Entry
    {
        public required IpAddress Source;
        public required ushort SourcePort;
        public bool Handshake;
        public required long First;
        public long Last;
        public uint Forward;
        public uint Backward;
        public long Bytes;
        public long Payload;
        public bool Continues;
        public bool ForwardFin;
        public bool BackwardFin;
        public long? ClosedAt;

        public bool IsClosing => ForwardFin || BackwardFin || ClosedAt is not null;
    }

    readonly Dictionary<FlowKey, Entry> open = [];
    long now;

    public List<EndedFlow> Ended { get; } = [];

    public int Active => open.Count;

    public void Track(long time, in PacketHeaders headers, int length)
    {
        now = Math.Max(now, time);
        foreach (var (due, entry) in open.ToList())
        {
            Expire(due, entry);
        }

        var key = FlowKey.FromHeaders(headers, options.VlanInKey, out _);
        if (open.TryGetValue(key, out var flow) && flow.ClosedAt is null
            && now - flow.First >= Nanoseconds(options.ActiveTimeout))
        {
            End(key, flow, EndReason.ActiveTimeout, now);
            flow = open[key] = new()
            {
                Source = flow.Source,
                SourcePort = flow.SourcePort,
                First = now,
                Continues = true,
                ForwardFin = flow.ForwardFin,
                BackwardFin = flow.BackwardFin,
            };
        }
        else if (flow is { IsClosing: true } && (headers.TcpFlags & (Syn | Ack | Fin | Rst)) == Syn)
        {
            End(key, flow, EndReason.EndOfFlow, now);
            flow = null;
        }

        flow ??= open[key] = new() { Source = headers.Source, SourcePort = headers.SourcePort, First = now };
        FindClient(flow, headers);
        Count(flow, headers, length);
    }

    /// <summary>
    /// The first handshake packet shows the client, unless the flow continues another or has begun to close.
    /// </summary>
    static void FindClient(Entry flow, in PacketHeaders headers)
    {
        var ends = headers.TcpFlags & (Syn | Ack | Fin | Rst);
        if (headers.Protocol != Tcp || flow.Continues || flow.IsClosing || flow.Handshake || (ends & Syn) == 0)
        {
            return;
        }

        var fromSource = flow.Source == headers.Source && flow.SourcePort == headers.SourcePort;
        if (ends == Syn ? !fromSource : ends == (Syn | Ack) && fromSource)
        {
            (flow.Source, flow.SourcePort) = fromSource
                ? (headers.Destination, headers.DestinationPort)
                : (headers.Source, headers.SourcePort);
            (flow.Forward, flow.Backward) = (flow.Backward, flow.Forward);
            (flow.ForwardFin, flow.BackwardFin) = (flow.BackwardFin, flow.ForwardFin);
        }

        flow.Handshake = true;
    }

    void Count(Entry flow, in PacketHeaders headers, int length)
    {
        var forward = flow.Source == headers.Source && flow.SourcePort == headers.SourcePort;
        flow.Last = now;
        flow.Forward += forward ? 1u : 0;
        flow.Backward += forward ? 0u : 1;
        flow.Bytes += length;
        flow.Payload += headers.PayloadLength;
        if (headers.Protocol == Tcp)
        {
            var fin = (headers.TcpFlags & (Fin | Rst)) == Fin;
            flow.ForwardFin |= fin && forward;
            flow.BackwardFin |= fin && !forward;
            if ((headers.TcpFlags & Rst) != 0 || (flow.ForwardFin && flow.BackwardFin))
            {
                flow.ClosedAt ??= now;
            }
        }
    }

    void Expire(FlowKey key, Entry flow)
    {
        var idle = Nanoseconds(key.Protocol == Tcp ? options.TcpIdleTimeout : options.UdpIdleTimeout);
        var due = flow.ClosedAt is { } closed ? closed + Nanoseconds(options.TcpCloseLinger) : flow.Last + idle;
        if (due <= now)
        {
            End(key, flow, flow.ClosedAt is null ? EndReason.IdleTimeout : EndReason.EndOfFlow, due);
        }
    }

    public void EndAll(EndReason reason)
    {
        foreach (var (key, flow) in open.ToList())
        {
            End(key, flow, flow.ClosedAt is null ? reason : EndReason.EndOfFlow, now);
        }
    }

    void End(FlowKey key, Entry flow, EndReason reason, long endNs)
    {
        open.Remove(key);
        Ended.Add(new(key, flow.Source, flow.SourcePort, flow.First, flow.Last, flow.Forward, flow.Backward, flow.Bytes,
            flow.Payload, flow.Continues, reason, endNs));
    }

    static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
