using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using static ServeFlow.Sinks.Formats.FieldKind;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// The columns of flat records (CSV, Parquet): EVE's <c>flow</c> record with its objects flattened by '_'. Where
/// windows are classified, its <c>prediction</c> record.
/// </summary>
public static class FlowColumns
{
    delegate FieldValue AnswerReader(scoped in Classification answer, PlanText plan);

    public static IReadOnlyList<FlowColumn> Flattened { get; } =
    [
        new("timestamp", Time, (in r, _, _) => FieldValue.FromTime(r.TimestampNs)),
        new("flow_id", Integer, (in r, _, _) => FieldValue.FromInteger(FlowId.Compute(r.Flow))),
        new("vlan", Integer, (in r, _, _) => Positive(r.Flow.Vlan)),
        new("src_ip", Text, (in r, _, s) => Address(r.Flow.Source, r.Flow.Key.IpVersion, s)),
        new("src_port", Integer, (in r, _, _) => Port(r.Flow, r.Flow.SourcePort)),
        new("dest_ip", Text, (in r, _, s) => Address(r.Flow.Destination, r.Flow.Key.IpVersion, s)),
        new("dest_port", Integer, (in r, _, _) => Port(r.Flow, r.Flow.DestinationPort)),
        new("ip_v", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.Key.IpVersion)),
        new("proto", Word, (in r, _, _) => FieldValue.FromText(ProtocolName.Get(r.Flow.Key.Protocol))),
        new("icmp_type", Integer, (in r, _, _) => Icmp(r.Flow, r.Flow.IcmpType)),
        new("icmp_code", Integer, (in r, _, _) => Icmp(r.Flow, r.Flow.IcmpCode)),
        new("community_id", Text, (in r, c, s) =>
            FieldValue.FromText(s[..FlowFacts.CommunityId(r.Flow, c.CommunityIdSeed, s)])),
        new("pcap_filename", Word, (in r, c, _) => NotEmpty(c.Capture)),
        new("tunnel_kind", Word, (in r, _, _) => Tunnelled(r, RecordWords.Get(r.Flow.Tunnel))),
        new("tunnel_src_ip", Text, (in r, _, s) => Tunnelled(r, r.Tunnel.Outer.Source, s)),
        new("tunnel_dest_ip", Text, (in r, _, s) => Tunnelled(r, r.Tunnel.Outer.Destination, s)),
        new("flow_pkts_toserver", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.PacketsForward)),
        new("flow_pkts_toclient", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.PacketsBackward)),
        new("flow_bytes_toserver", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.BytesForward)),
        new("flow_bytes_toclient", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.BytesBackward)),
        new("flow_start", Time, (in r, _, _) => FieldValue.FromTime(r.Flow.FirstNs)),
        new("flow_end", Time, (in r, _, _) => FieldValue.FromTime(r.Flow.LastNs)),
        new("flow_age", Integer, (in r, _, _) => FieldValue.FromInteger(FlowFacts.AgeSeconds(r.Flow))),
        new("flow_state", Word, (in r, _, _) => FieldValue.FromText(FlowFacts.State(r.Flow))),
        new("flow_reason", Word, (in r, _, _) => Ended(r, FieldValue.FromText(RecordWords.Get(r.EndReason)))),
        new("tcp_flags", Integer, (in r, _, _) =>
            Tcp(r.Flow, FieldValue.FromInteger(r.Flow.TcpFlagsForward | r.Flow.TcpFlagsBackward))),
        new("tcp_flags_ts", Integer, (in r, _, _) => Tcp(r.Flow, FieldValue.FromInteger(r.Flow.TcpFlagsForward))),
        new("tcp_flags_tc", Integer, (in r, _, _) => Tcp(r.Flow, FieldValue.FromInteger(r.Flow.TcpFlagsBackward))),
        new("tcp_state", Word, (in r, _, _) => Tcp(r.Flow, FieldValue.FromText(RecordWords.Get(r.Flow.TcpState)))),
        .. Answer,
    ];

    /// <summary>
    /// Gets which records are rows of flat files, one for each unit: the ends of flows, or the answers of windows.
    /// </summary>
    public static RecordKind GetRowKind(CascadePlan plan) =>
        plan.Window is null ? RecordKind.End : RecordKind.Prediction;

    /// <summary>
    /// The columns that these options ask for; <c>in_iface</c> where packets come from interfaces, the window's where
    /// windows are classified, an answer's for each of several tasks.
    /// </summary>
    public static IReadOnlyList<FlowColumn> Create(CascadePlan plan, SinkOptions options)
    {
        IReadOnlyList<FlowColumn> columns = options.NFStreamNames ? NFStream : Flattened;
        columns = options.TaskPlans is { } plans
            ? [.. columns.SkipLast(Answers.Count),
                .. Enumerable.Range(0, plans.Tasks).SelectMany(task => TaskAnswer(task, plans))]
            : columns;
        columns = plan.Window is null ? columns : [.. columns, .. Window];
        return options.Interfaces.Count == 0 ? columns : [columns[0], columns[1], Interface, .. columns.Skip(2)];
    }

    /// <summary>
    /// NFStream's names for what it has (its byte counts, too, are from the link layer on); ours behind.
    /// </summary>
    public static IReadOnlyList<FlowColumn> NFStream { get; } =
    [
        new("id", Integer, (in r, _, _) => FieldValue.FromInteger(FlowId.Compute(r.Flow))),
        new("expiration_id", Integer, (in r, _, _) => Ended(r, FieldValue.FromInteger(Expiration(r.EndReason)))),
        new("src_ip", Text, (in r, _, s) => Address(r.Flow.Source, r.Flow.Key.IpVersion, s)),
        new("src_port", Integer, (in r, _, _) => FieldValue.FromInteger(NFStreamPort(r.Flow, r.Flow.SourcePort))),
        new("dst_ip", Text, (in r, _, s) => Address(r.Flow.Destination, r.Flow.Key.IpVersion, s)),
        new("dst_port", Integer, (in r, _, _) => FieldValue.FromInteger(NFStreamPort(r.Flow, r.Flow.DestinationPort))),
        new("protocol", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.Key.Protocol)),
        new("ip_version", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.Key.IpVersion)),
        new("vlan_id", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.Vlan)),
        new("bidirectional_first_seen_ms", Integer, (in r, _, _) => Milliseconds(r.Flow.FirstNs)),
        new("bidirectional_last_seen_ms", Integer, (in r, _, _) => Milliseconds(r.Flow.LastNs)),
        new("bidirectional_duration_ms", Integer, (in r, _, _) =>
            FieldValue.FromInteger(Milliseconds(r.Flow.LastNs).Integer - Milliseconds(r.Flow.FirstNs).Integer)),
        new("bidirectional_packets", Integer, (in r, _, _) =>
            FieldValue.FromInteger((long)r.Flow.PacketsForward + r.Flow.PacketsBackward)),
        new("bidirectional_bytes", Integer, (in r, _, _) =>
            FieldValue.FromInteger(r.Flow.BytesForward + r.Flow.BytesBackward)),
        new("src2dst_packets", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.PacketsForward)),
        new("src2dst_bytes", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.BytesForward)),
        new("dst2src_packets", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.PacketsBackward)),
        new("dst2src_bytes", Integer, (in r, _, _) => FieldValue.FromInteger(r.Flow.BytesBackward)),
        new("application_name", Word, (in r, c, _) =>
            FieldValue.FromText(c.Plan.Label(r.Classification.LabelId))),
        .. Answer,
    ];

    static IReadOnlyList<FlowColumn> Answer => [.. Answers.Select(column =>
        new FlowColumn($"serveflow_{column.Name}", column.Kind, (in r, c, _) =>
            column.Read(r.Classification, c.Plan)))];

    /// <summary>Lists the columns of an answer in flat records, by the name behind <c>serveflow_</c>.</summary>
    static IReadOnlyList<(string Name, FieldKind Kind, AnswerReader Read)> Answers =>
    [
        ("label", Word, (scoped in a, p) => FieldValue.FromText(p.Label(a.LabelId))),
        ("label_id", Integer, (scoped in a, _) => FieldValue.FromInteger(a.LabelId)),
        ("confidence", Real, (scoped in a, _) => FieldValue.FromReal(Math.Round(a.Confidence, 6))),
        ("state", Word, (scoped in a, _) => FieldValue.FromText(RecordWords.State(a.Reason))),
        ("tier", Word, (scoped in a, p) => FieldValue.FromText(p.Tier(a.Tier))),
        ("reason", Word, (scoped in a, _) => FieldValue.FromText(RecordWords.Get(a.Reason))),
        ("model", Word, (scoped in _, p) => FieldValue.FromText(p.Name)),
        ("model_version", Word, (scoped in _, p) => FieldValue.FromText(p.Version)),
        ("packets_used", Integer, (scoped in a, _) => FieldValue.FromInteger(a.PacketsUsed)),
    ];

    /// <summary>The columns of one of several tasks' answers.</summary>
    static IEnumerable<FlowColumn> TaskAnswer(int task, ServedPlans plans) => Answers.Select(column =>
        new FlowColumn($"serveflow_{TaskSet.ToColumn(plans[task].Task)}_{column.Name}", column.Kind, (in r, c, _) =>
        {
            var answer = r.AnswerOf(task, plans, out var model);
            return column.Read(answer, c.TextOf(model));
        }));

    static IReadOnlyList<FlowColumn> Window =>
    [
        new("serveflow_window_number", Integer, (in r, c, _) =>
            FieldValue.FromInteger(c.Windows.NumberOf(r.Flow.FirstNs, r.Flow.LastNs))),
        new("serveflow_window_start", Time, (in r, c, _) =>
            FieldValue.FromTime(c.Windows.StartOf(r.Flow.FirstNs, r.Flow.LastNs))),
    ];

    static FlowColumn Interface { get; } = new("in_iface", Word, (in r, c, _) => NotEmpty(c.Interface(r.Flow)));

    static FieldValue Positive(long value) => value == 0 ? FieldValue.None : FieldValue.FromInteger(value);

    static FieldValue NotEmpty(ReadOnlySpan<byte> text) => text.IsEmpty ? FieldValue.None : FieldValue.FromText(text);

    static FieldValue Address(IpAddress address, byte ipVersion, Span<byte> scratch) =>
        FieldValue.FromText(scratch[..AddressText.Write(address, ipVersion, scratch)]);

    static FieldValue Port(in Flow flow, ushort port) =>
        ProtocolName.HasPorts(flow.Key.Protocol) ? FieldValue.FromInteger(port) : FieldValue.None;

    static FieldValue Icmp(in Flow flow, int value) =>
        ProtocolName.IsIcmp(flow.Key.Protocol) ? FieldValue.FromInteger(value) : FieldValue.None;

    static FieldValue Tcp(in Flow flow, FieldValue value) =>
        flow.Key.Protocol == IpProtocol.Tcp ? value : FieldValue.None;

    static FieldValue Tunnelled(in FlowRecord record, ReadOnlySpan<byte> text) =>
        record.Tunnel.TunnelDepth > 0 ? FieldValue.FromText(text) : FieldValue.None;

    static FieldValue Tunnelled(in FlowRecord record, IpAddress address, Span<byte> scratch) =>
        record.Tunnel.TunnelDepth > 0 ? Address(address, record.Tunnel.Outer.IpVersion, scratch) : FieldValue.None;

    static FieldValue Ended(in FlowRecord record, FieldValue value) =>
        record.Kind == RecordKind.End ? value : FieldValue.None;

    static FieldValue Milliseconds(long ns) => FieldValue.FromInteger(ns / 1_000_000);

    static int NFStreamPort(in Flow flow, ushort port) => ProtocolName.HasPorts(flow.Key.Protocol) ? port : 0;

    /// <summary>NFStream's numbers: 0 idle, 1 active, −1 ended otherwise.</summary>
    static int Expiration(EndReason reason) => reason switch
    {
        EndReason.IdleTimeout => 0,
        EndReason.ActiveTimeout => 1,
        _ => -1,
    };
}
