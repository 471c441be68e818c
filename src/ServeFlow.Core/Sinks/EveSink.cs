using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Sinks;

/// <summary>
/// EVE JSON Lines: Suricata's field names for what Suricata has, a <c>serveflow</c> object for the answer. One line
/// when a flow is decided (<c>prediction</c>), one when it ends (<c>flow</c>). See docs/formats/records.md.
/// Written by hand out of pieces made beforehand, since records are most of what serving costs.
/// </summary>
public sealed partial class EveSink : IRecordSink
{
    readonly ByteOutput output;
    readonly EveWords words;
    readonly TimestampText times = new();
    readonly CommunityIdBatch communityIds;
    byte[] capture = [];

    /// <param name="stream">Receives the lines; stays open.</param>
    public EveSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        output = new(stream);
        words = new(plan, options);
        communityIds = new(options.CommunityIdSeed);
    }

    public long Pending => output.Records;

    public void BeginCapture(string name) => capture = name.Length == 0 ? [] : EveWords.Capture(name);

    public int Lookahead => CommunityIdBatch.Capacity;

    public void Write(in FlowRecord record) => WriteMany(new(in record));

    public void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        communityIds.Make(records);
        for (var i = 0; i < records.Length; i++)
        {
            Write(records[i], communityIds[i]);
        }

        output.DrainWhenLarge();
    }

    public void Flush() => output.Flush();

    public void Dispose() => output.Dispose();

    void Write(in FlowRecord record, ReadOnlySpan<byte> communityId)
    {
        var text = new TextCursor(output.GetSpan(words.LongestRecord + capture.Length));
        WriteEvent(record, ref text);
        WriteTuple(record, communityId, ref text);
        if (record.Note.TunnelDepth > 0)
        {
            WriteTunnel(record.Flow.Tunnel, record.Note, ref text);
        }

        WriteFlow(record, ref text);
        if (record.Flow.Key.Protocol == IpProtocol.Tcp)
        {
            WriteTcp(record.Flow, ref text);
        }

        WriteAnswer(record, ref text);
        text.Text("}\n"u8);
        output.Advance(text.Length);
        output.CountRecord();
    }

    void WriteEvent(in FlowRecord record, ref TextCursor text)
    {
        text.Text("{\"timestamp\":\""u8);
        times.Write(record.TimestampNs, ref text);
        text.Text("\",\"flow_id\":"u8);
        text.Integer(FlowId.Of(record.Flow));
        var link = words.Interface(record.Flow);
        text.Text(link);
        text.Text(capture);
        if (record.PacketNumber > 0 && link.IsEmpty)
        {
            text.Text(",\"pcap_cnt\":"u8);
            text.Integer(record.PacketNumber);
        }

        text.Text(record.Kind == RecordKind.End ? ",\"event_type\":\"flow\""u8 : ",\"event_type\":\"prediction\""u8);
        if (record.Flow.Vlan != 0)
        {
            text.Text(",\"vlan\":["u8);
            text.Integer(record.Flow.Vlan);
            text.Text("]"u8);
        }
    }

    static void WriteTuple(in FlowRecord record, ReadOnlySpan<byte> communityId, ref TextCursor text)
    {
        ref readonly var flow = ref record.Flow;
        var protocol = flow.Key.Protocol;
        var hasPorts = ProtocolName.HasPorts(protocol);
        text.Text(",\"src_ip\":\""u8);
        text.Advance(AddressText.Write(flow.Source, flow.Key.IpVersion, text.Rest));
        if (hasPorts)
        {
            text.Text("\",\"src_port\":"u8);
            text.Integer(flow.SourcePort);
        }

        text.Text(hasPorts ? ",\"dest_ip\":\""u8 : "\",\"dest_ip\":\""u8);
        text.Advance(AddressText.Write(flow.Destination, flow.Key.IpVersion, text.Rest));
        if (hasPorts)
        {
            text.Text("\",\"dest_port\":"u8);
            text.Integer(flow.DestinationPort);
        }

        text.Text(hasPorts ? ",\"ip_v\":"u8 : "\",\"ip_v\":"u8);
        text.Integer(flow.Key.IpVersion);
        text.Text(EveWords.Protocols[protocol]);
        if (ProtocolName.IsIcmp(protocol))
        {
            text.Text(",\"icmp_type\":"u8);
            text.Integer(flow.IcmpType);
            text.Text(",\"icmp_code\":"u8);
            text.Integer(flow.IcmpCode);
        }

        text.Text(",\"community_id\":\""u8);
        text.Text(communityId);
        text.Text("\""u8);
    }

    static void WriteTunnel(TunnelKind kind, in FlowNote note, ref TextCursor text)
    {
        text.Text(",\"tunnel\":{\"src_ip\":\""u8);
        text.Advance(AddressText.Write(note.Outer.Source, note.Outer.IpVersion, text.Rest));
        text.Text("\",\"src_port\":"u8);
        text.Integer(note.Outer.SourcePort);
        text.Text(",\"dest_ip\":\""u8);
        text.Advance(AddressText.Write(note.Outer.Destination, note.Outer.IpVersion, text.Rest));
        text.Text("\",\"dest_port\":"u8);
        text.Integer(note.Outer.DestinationPort);
        text.Text(EveWords.Protocols[note.Outer.Protocol]);
        text.Text(",\"kind\":\""u8);
        text.Text(RecordWords.Of(kind));
        text.Text("\",\"depth\":"u8);
        text.Integer(note.TunnelDepth);
        text.Text("}"u8);
    }
}
