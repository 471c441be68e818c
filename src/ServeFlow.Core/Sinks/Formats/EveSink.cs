using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// EVE JSON Lines: Suricata's field names for what Suricata has, a <c>serveflow</c> object for the answer. One line
/// when a flow is decided (<c>prediction</c>), one when it ends (<c>flow</c>). See docs/formats/records.md.
/// Written by hand out of pieces made beforehand, since records are most of what serving costs.
/// </summary>
public sealed partial class EveSink : IRecordSink
{
    readonly ByteOutput output;
    readonly ByPlan<EveFragments> plans;
    readonly TimestampText times = new();
    readonly CommunityIdBatch communityIds;

    /// <summary>Holds the plans where they answer several tasks; null where there is one.</summary>
    readonly ServedPlans? tasks;
    EveFragments fragments;
    byte[] capture = [];
    int model;

    /// <param name="stream">Receives the lines; stays open.</param>
    public EveSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        output = new(stream);
        plans = new(plan, options.Plans, one => new(one, options));
        fragments = plans[0];
        communityIds = new(options.CommunityIdSeed);
        tasks = options.TaskPlans;
    }

    public long Pending => output.PendingRecords;

    public long Bytes => output.Bytes;

    public void BeginCapture(string name) => capture = name.Length == 0 ? [] : EveFragments.Capture(name);

    public int Lookahead => CommunityIdBatch.Capacity;

    public void Write(in FlowRecord record) => WriteMany(new(in record));

    public void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        communityIds.Compute(records);
        for (var i = 0; i < records.Length; i++)
        {
            Write(records[i], communityIds[i]);
        }

        output.DrainWhenLarge();
    }

    public void WriteNote(ReadOnlySpan<byte> line) => output.Append(line);

    public void Flush() => output.Flush();

    public void Dispose() => output.Dispose();

    void Write(in FlowRecord record, ReadOnlySpan<byte> communityId)
    {
        if (record.Model != model)
        {
            (model, fragments) = (record.Model, plans[record.Model]);
        }

        var text = new TextCursor(output.GetSpan(fragments.MaxRecordLength + capture.Length));
        WriteEvent(record, ref text);
        WriteTuple(record, communityId, ref text);
        if (record.Tunnel.TunnelDepth > 0)
        {
            WriteTunnel(record.Flow.Tunnel, record.Tunnel, ref text);
        }

        WriteFlow(record, ref text);
        if (record.Flow.Key.Protocol == IpProtocol.Tcp)
        {
            WriteTcp(record.Flow, ref text);
        }

        if (tasks is not null && record.Kind == RecordKind.End)
        {
            output.Advance(text.Length);
            WriteAnswers(record);
            text = new(output.GetSpan(fragments.MaxRecordLength));
        }
        else
        {
            WriteAnswer(record, ref text);
        }

        text.Append("}\n"u8);
        output.Advance(text.Length);
        output.CountRecord();
    }

    void WriteEvent(in FlowRecord record, ref TextCursor text)
    {
        text.Append("{\"timestamp\":\""u8);
        times.Write(record.TimestampNs, ref text);
        text.Append("\",\"flow_id\":"u8);
        text.AppendInteger(FlowId.Compute(record.Flow));
        var link = fragments.Interface(record.Flow);
        text.Append(link);
        text.Append(capture);
        if (record.PacketNumber > 0 && link.IsEmpty)
        {
            text.Append(",\"pcap_cnt\":"u8);
            text.AppendInteger(record.PacketNumber);
        }

        text.Append(record.Kind == RecordKind.End ? ",\"event_type\":\"flow\""u8 : ",\"event_type\":\"prediction\""u8);
        if (record.Flow.Vlan != 0)
        {
            text.Append(",\"vlan\":["u8);
            text.AppendInteger(record.Flow.Vlan);
            text.Append("]"u8);
        }
    }

    static void WriteTuple(in FlowRecord record, ReadOnlySpan<byte> communityId, ref TextCursor text)
    {
        ref readonly var flow = ref record.Flow;
        var protocol = flow.Key.Protocol;
        var hasPorts = ProtocolName.HasPorts(protocol);
        text.Append(",\"src_ip\":\""u8);
        text.Advance(AddressText.Write(flow.Source, flow.Key.IpVersion, text.Rest));
        if (hasPorts)
        {
            text.Append("\",\"src_port\":"u8);
            text.AppendInteger(flow.SourcePort);
        }

        text.Append(hasPorts ? ",\"dest_ip\":\""u8 : "\",\"dest_ip\":\""u8);
        text.Advance(AddressText.Write(flow.Destination, flow.Key.IpVersion, text.Rest));
        if (hasPorts)
        {
            text.Append("\",\"dest_port\":"u8);
            text.AppendInteger(flow.DestinationPort);
        }

        text.Append(hasPorts ? ",\"ip_v\":"u8 : "\",\"ip_v\":"u8);
        text.AppendInteger(flow.Key.IpVersion);
        text.Append(EveFragments.Protocols[protocol]);
        if (ProtocolName.IsIcmp(protocol))
        {
            text.Append(",\"icmp_type\":"u8);
            text.AppendInteger(flow.IcmpType);
            text.Append(",\"icmp_code\":"u8);
            text.AppendInteger(flow.IcmpCode);
        }

        text.Append(",\"community_id\":\""u8);
        text.Append(communityId);
        text.Append("\""u8);
    }

    static void WriteTunnel(TunnelKind kind, in TunnelInfo note, ref TextCursor text)
    {
        text.Append(",\"tunnel\":{\"src_ip\":\""u8);
        text.Advance(AddressText.Write(note.Outer.Source, note.Outer.IpVersion, text.Rest));
        text.Append("\",\"src_port\":"u8);
        text.AppendInteger(note.Outer.SourcePort);
        text.Append(",\"dest_ip\":\""u8);
        text.Advance(AddressText.Write(note.Outer.Destination, note.Outer.IpVersion, text.Rest));
        text.Append("\",\"dest_port\":"u8);
        text.AppendInteger(note.Outer.DestinationPort);
        text.Append(EveFragments.Protocols[note.Outer.Protocol]);
        text.Append(",\"kind\":\""u8);
        text.Append(RecordWords.Get(kind));
        text.Append("\",\"depth\":"u8);
        text.AppendInteger(note.TunnelDepth);
        text.Append("}"u8);
    }
}
