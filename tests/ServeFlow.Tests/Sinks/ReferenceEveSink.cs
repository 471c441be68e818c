using System.Text.Encodings.Web;
using System.Text.Json;
using ServeFlow.Cascade;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Tests.Sinks;

/// <summary>
/// EVE records by the base library's JSON writer, field after field: slow and obvious, what <see cref="EveSink"/> is
/// held against.
/// </summary>
sealed partial class ReferenceEveSink : IRecordSink
{
    /// <summary>Suricata writes '+' and '/' as they are; nothing here is ever part of a web page.</summary>
    static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    readonly ByteOutput output;
    readonly Utf8JsonWriter json;
    readonly RecordContext context;
    readonly CascadePlan plan;

    /// <param name="stream">Receives the lines; stays open.</param>
    public ReferenceEveSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        output = new(stream);
        json = new(output, WriterOptions);
        this.plan = plan;
        context = new(plan, options);
    }

    public long Pending => output.PendingRecords;

    public void BeginCapture(string name) => context.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        json.WriteStartObject();
        WriteEvent(record);
        WriteTuple(record);
        WriteTunnel(record.Flow.Tunnel, record.Tunnel);
        WriteFlow(record);
        if (record.Flow.Key.Protocol == IpProtocol.Tcp)
        {
            WriteTcp(record);
        }

        WriteAnswer(record);
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        output.Append((byte)'\n');
        output.EndRecord();
    }

    public void Flush() => output.Flush();

    public void Dispose()
    {
        json.Dispose();
        output.Dispose();
    }

    void WriteEvent(in FlowRecord record)
    {
        WriteTimestamp("timestamp"u8, record.TimestampNs);
        json.WriteNumber("flow_id"u8, FlowId.Compute(record.Flow));
        if (context.Interface(record.Flow) is { IsEmpty: false } name)
        {
            json.WriteString("in_iface"u8, name);
        }

        if (!context.Capture.IsEmpty)
        {
            json.WriteString("pcap_filename"u8, context.Capture);
        }

        if (record.PacketNumber > 0 && context.Interface(record.Flow).IsEmpty)
        {
            json.WriteNumber("pcap_cnt"u8, record.PacketNumber);
        }

        json.WriteString("event_type"u8, record.Kind == RecordKind.End ? "flow"u8 : "prediction"u8);
        if (record.Flow.Vlan != 0)
        {
            json.WriteStartArray("vlan"u8);
            json.WriteNumberValue(record.Flow.Vlan);
            json.WriteEndArray();
        }
    }

    void WriteTuple(in FlowRecord record)
    {
        ref readonly var flow = ref record.Flow;
        var hasPorts = ProtocolName.HasPorts(flow.Key.Protocol);
        WriteAddress("src_ip"u8, flow.Source, flow.Key.IpVersion);
        if (hasPorts)
        {
            json.WriteNumber("src_port"u8, flow.SourcePort);
        }

        WriteAddress("dest_ip"u8, flow.Destination, flow.Key.IpVersion);
        if (hasPorts)
        {
            json.WriteNumber("dest_port"u8, flow.DestinationPort);
        }

        json.WriteNumber("ip_v"u8, flow.Key.IpVersion);
        json.WriteString("proto"u8, ProtocolName.Get(flow.Key.Protocol));
        if (ProtocolName.IsIcmp(flow.Key.Protocol))
        {
            json.WriteNumber("icmp_type"u8, flow.IcmpType);
            json.WriteNumber("icmp_code"u8, flow.IcmpCode);
        }

        Span<byte> id = stackalloc byte[FieldText.MaxLength];
        json.WriteString("community_id"u8, id[..FlowFacts.CommunityId(flow, context.CommunityIdSeed, id)]);
    }

    void WriteTunnel(TunnelKind kind, in TunnelInfo note)
    {
        if (note.TunnelDepth == 0)
        {
            return;
        }

        json.WriteStartObject("tunnel"u8);
        WriteAddress("src_ip"u8, note.Outer.Source, note.Outer.IpVersion);
        json.WriteNumber("src_port"u8, note.Outer.SourcePort);
        WriteAddress("dest_ip"u8, note.Outer.Destination, note.Outer.IpVersion);
        json.WriteNumber("dest_port"u8, note.Outer.DestinationPort);
        json.WriteString("proto"u8, ProtocolName.Get(note.Outer.Protocol));
        json.WriteString("kind"u8, RecordWords.Get(kind));
        json.WriteNumber("depth"u8, note.TunnelDepth);
        json.WriteEndObject();
    }

    void WriteTimestamp(ReadOnlySpan<byte> name, long ns)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        json.WriteString(name, text[..FieldText.Timestamp(ns, text)]);
    }

    void WriteAddress(ReadOnlySpan<byte> name, IpAddress address, byte ipVersion)
    {
        Span<byte> text = stackalloc byte[FieldText.MaxLength];
        json.WriteString(name, text[..AddressText.Write(address, ipVersion, text)]);
    }
}
