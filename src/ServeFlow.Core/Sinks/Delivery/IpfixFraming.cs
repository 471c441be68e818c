using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ServeFlow.Sinks.Formats;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Writes ended flows as messages of IPFIX (RFC 7011). A connection begins with the templates, one for IPv4 and one for
/// IPv6. What is counted of the answering side are reverse elements (RFC 5103). Label, confidence, tier, reason, record
/// id and Community ID are elements of an enterprise.
/// </summary>
/// <param name="enterprise">The number of the enterprise, as IANA assigns them.</param>
public sealed class IpfixFraming(uint enterprise) : IRecordFraming
{
    /// <summary>Assigned for documentation (RFC 5612), as this project has no number of its own.</summary>
    public const uint DefaultEnterprise = 32473;

    const ushort Version = 10;
    const ushort TemplateSet = 2;
    const ushort OptionsSet = 3;
    const ushort Template4 = 256;
    const ushort Template6 = 257;
    const ushort TypesTemplate = 258;
    const int HeaderLength = 16;
    const int SetHeaderLength = 4;

    /// <summary>A message that fits into a datagram of Ethernet, so that it may be relayed as one.</summary>
    const int MaxLength = 1400;

    const byte Float64Type = 10;
    const byte StringType = 13;

    const int MaxText = 254;

    const uint Reverse = 29305; // RFC 5103
    const ushort Variable = ushort.MaxValue;

    /// <summary>Specifies the numbers of protocols by the names that records have.</summary>
    static readonly Dictionary<string, byte> Protocols = Enumerable.Range(0, 256).Select(number => (byte)number)
        .ToDictionary(number => Encoding.ASCII.GetString(ProtocolName.Get(number)));

    /// <summary>Lists the names and types of the enterprise's elements, numbered from 1; types are those of RFC
    /// 5610.</summary>
    static readonly (string Name, byte Type)[] Elements =
    [
        ("label", StringType), ("confidence", Float64Type), ("tier", StringType), ("reason", StringType),
        ("recordId", StringType), ("communityId", StringType),
    ];

    readonly ArrayBufferWriter<byte> one = new();
    readonly ArrayBufferWriter<byte> records = new();
    ushort template;
    uint sequence;
    uint count;
    uint exportTime;
    bool mustWriteTemplates = true;

    public void Begin(IBufferWriter<byte> output)
    {
        records.ResetWrittenCount();
        (sequence, count, mustWriteTemplates) = (0, 0, true); // they have a time, which is that of the first record
    }

    public void Write(SpooledRecord record, IBufferWriter<byte> output)
    {
        using var line = JsonDocument.Parse(record.Payload.ToArray());
        var eve = line.RootElement;
        if (!eve.TryGetProperty("flow", out var flow))
        {
            return; // a line about the sensor itself
        }

        exportTime = (uint)(ParseTime(eve.GetProperty("timestamp")) / 1000);
        if (mustWriteTemplates)
        {
            WriteTemplates(output);
        }

        one.ResetWrittenCount();
        var isIpv6 = eve.GetProperty("ip_v").GetInt32() == 6;
        WriteFlow(eve, flow);
        WriteAnswer(eve.GetProperty("serveflow"), record, eve.GetProperty("community_id").GetString()!);
        var wanted = isIpv6 ? Template6 : Template4;
        if (wanted != template || HeaderLength + SetHeaderLength + records.WrittenCount + one.WrittenCount > MaxLength)
        {
            End(output);
        }

        template = wanted;
        records.Write(one.WrittenSpan);
        count++;
    }

    public void End(IBufferWriter<byte> output)
    {
        if (count > 0)
        {
            WriteMessage(template, output);
        }
    }

    void WriteTemplates(IBufferWriter<byte> output)
    {
        mustWriteTemplates = false;
        WriteTemplate(Template4);
        WriteTemplate(Template6);
        WriteMessage(TemplateSet, output);
        WriteTypes(output);
    }

    /// <summary>Says what the enterprise's elements are (RFC 5610), so that a collector can name and read them.
    /// libfixbuf takes them only where every field is there.</summary>
    void WriteTypes(IBufferWriter<byte> output)
    {
        one.ResetWrittenCount();
        foreach (var number in (ReadOnlySpan<ushort>)
        [
            TypesTemplate, 9, 2, // fields, scopes
            346, 4, 303, 2, 339, 1, 344, 1, 345, 2, 342, 8, 343, 8, 341, Variable, 340, Variable, // elements, lengths
        ])
        {
            Number(number, 2);
        }

        records.Write(one.WrittenSpan);
        WriteMessage(OptionsSet, output);
        one.ResetWrittenCount();
        for (var i = 0; i < Elements.Length; i++)
        {
            Number(enterprise, 4);
            Number((ulong)i + 1, 2);
            Number(Elements[i].Type, 1);
            Number(0, 3); // no semantics, no units
            Number(0, 8);
            Number(0, 8); // no range
            Text(Encoding.ASCII.GetBytes(Elements[i].Name));
            Text([]);
            count++;
        }

        records.Write(one.WrittenSpan);
        WriteMessage(TypesTemplate, output);
    }

    void WriteMessage(ushort set, IBufferWriter<byte> output)
    {
        var length = HeaderLength + SetHeaderLength + records.WrittenCount;
        var message = output.GetSpan(length);
        BinaryPrimitives.WriteUInt16BigEndian(message, Version);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)length);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], exportTime);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(message[12..], 1); // observation domain
        BinaryPrimitives.WriteUInt16BigEndian(message[16..], set);
        BinaryPrimitives.WriteUInt16BigEndian(message[18..], (ushort)(length - HeaderLength));
        records.WrittenSpan.CopyTo(message[(HeaderLength + SetHeaderLength)..]);
        output.Advance(length);
        records.ResetWrittenCount();
        sequence += count;
        count = 0;
    }

    /// <summary>Element, length and enterprise, in the order in which <see cref="WriteFlow"/> and
    /// <see cref="WriteAnswer"/> write them.</summary>
    (ushort Element, ushort Length, uint Enterprise)[] Fields(bool isIpv6) =>
    [
        (152, 8, 0), (153, 8, 0), // flowStart, flowEndMilliseconds
        isIpv6 ? ((ushort)27, (ushort)16, 0u) : ((ushort)8, (ushort)4, 0u),
        isIpv6 ? ((ushort)28, (ushort)16, 0u) : ((ushort)12, (ushort)4, 0u),
        (7, 2, 0), (11, 2, 0), (4, 1, 0), (60, 1, 0), // ports, protocol, IP version
        isIpv6 ? ((ushort)139, (ushort)2, 0u) : ((ushort)32, (ushort)2, 0u), // type and code of ICMP
        (58, 2, 0), (136, 1, 0), (6, 1, 0), // VLAN, flowEndReason, tcpControlBits
        (352, 8, 0), (2, 8, 0), (352, 8, Reverse), (2, 8, Reverse), // octets from the link layer on, and packets
        (1, Variable, enterprise), (2, 8, enterprise), (3, Variable, enterprise), (4, Variable, enterprise),
        (5, Variable, enterprise), (6, Variable, enterprise),
    ];

    void WriteTemplate(ushort id)
    {
        one.ResetWrittenCount();
        var fields = Fields(id == Template6);
        Number(id, 2);
        Number((ulong)fields.Length, 2);
        foreach (var (element, length, owner) in fields)
        {
            Number(owner == 0 ? element : element | 0x8000u, 2);
            Number(length, 2);
            if (owner != 0)
            {
                Number(owner, 4);
            }
        }

        records.Write(one.WrittenSpan);
    }

    void WriteFlow(JsonElement eve, JsonElement flow)
    {
        var start = ParseTime(flow.GetProperty("start"));
        Number((ulong)start, 8);
        Number((ulong)(flow.TryGetProperty("end", out var end) ? ParseTime(end) : start), 8);
        one.Write(System.Net.IPAddress.Parse(eve.GetProperty("src_ip").GetString()!).GetAddressBytes());
        one.Write(System.Net.IPAddress.Parse(eve.GetProperty("dest_ip").GetString()!).GetAddressBytes());
        Number(Read(eve, "src_port"), 2);
        Number(Read(eve, "dest_port"), 2);
        Number(Protocols[eve.GetProperty("proto").GetString()!], 1);
        Number(Read(eve, "ip_v"), 1);
        Number((Read(eve, "icmp_type") << 8) | Read(eve, "icmp_code"), 2);
        Number(eve.TryGetProperty("vlan", out var vlan) ? vlan[0].GetUInt64() : 0, 2);
        Number(EndReason(flow), 1);
        Number(eve.TryGetProperty("tcp", out var tcp) ? ulong.Parse(tcp.GetProperty("tcp_flags").GetString()!,
            NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0, 1);
        foreach (var name in (ReadOnlySpan<string>)["bytes_toserver", "pkts_toserver", "bytes_toclient",
            "pkts_toclient"])
        {
            Number(Read(flow, name), 8);
        }
    }

    void WriteAnswer(JsonElement answer, SpooledRecord record, string communityId)
    {
        Text(answer, "label");
        Number(BitConverter.DoubleToUInt64Bits(answer.TryGetProperty("confidence", out var confidence)
            && confidence.ValueKind == JsonValueKind.Number ? confidence.GetDouble() : 0), 8);
        Text(answer, "tier");
        Text(answer, "reason");
        Span<byte> id = stackalloc byte[RecordId.MaxLength];
        Text(id[..RecordId.Write(record, id)]);
        Text(Encoding.UTF8.GetBytes(communityId));
    }

    /// <summary>Returns the numbers of flowEndReason; 0 is reserved, and stands for none.</summary>
    static ulong EndReason(JsonElement flow) =>
        (flow.TryGetProperty("reason", out var reason) ? reason.GetString() : null) switch
        {
            "idle_timeout" => 1,
            "active_timeout" => 2,
            "end_of_flow" => 3,
            "forced_end" => 4,
            "lack_of_resources" => 5,
            _ => 0,
        };

    static ulong Read(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) ? value.GetUInt64() : 0;

    /// <summary>Reads a time of EVE, in milliseconds since the Unix epoch.</summary>
    static long ParseTime(JsonElement text) => EveLine.ParseTime(text.GetString()!).ToUnixTimeMilliseconds();

    void Number(ulong value, int length)
    {
        var span = one.GetSpan(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(span, value << (8 * (sizeof(ulong) - length)));
        one.Advance(length);
    }

    void Text(JsonElement from, string name) => Text(from.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(text.GetString()!) : []);

    /// <summary>Writes a text with its length before it. One that is too long for a length of one byte, as no label
    /// is, is cut after a whole character.</summary>
    void Text(ReadOnlySpan<byte> text)
    {
        var length = Math.Min(text.Length, MaxText);
        while (length < text.Length && (text[length] & 0xc0) == 0x80)
        {
            length--;
        }

        text = text[..length];
        Number((ulong)text.Length, 1);
        one.Write(text);
    }
}
