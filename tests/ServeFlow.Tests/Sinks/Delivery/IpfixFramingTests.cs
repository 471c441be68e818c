using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Delivery;

public sealed class IpfixFramingTests
{
    const uint Enterprise = 4711;

    /// <summary>The ended flows of a capture with one flow of each kind, as EVE has them.</summary>
    static readonly IReadOnlyList<string> Lines = [.. SampleRecords.Text(RecordFormat.Eve).TrimEnd().Split('\n')
        .Where(line => line.Contains("\"event_type\":\"flow\"", StringComparison.Ordinal))];

    [Fact]
    public void Write_FlowsOfEveryKind_AreWhatEveSays()
    {
        var flows = new IpfixReader(Frame(Lines)).Flows;

        Assert.Equal(Lines.Count, flows.Count);
        var expected = Lines.Select((line, i) => Expect(JsonDocument.Parse(line).RootElement, i + 1));
        Assert.Equal(expected.Order(), flows.Select(Describe).Order());
    }

    [Fact]
    public void Write_FirstFlow_IsPrecededByNamesAndTypesOfTheEnterprisesElements()
    {
        var reader = new IpfixReader(Frame(Lines));

        Assert.Equal(["label 13", "confidence 10", "tier 13", "reason 13", "recordId 13", "communityId 13"],
            reader.Types.Select(type => $"{Encoding.ASCII.GetString(type[(341, 0)])} {type[(339, 0)][0]}"));
        Assert.Equal([1, 2, 3, 4, 5, 6], reader.Types.Select(type => (int)type[(303, 0)][1]));
        Assert.All(reader.Types, type => Assert.Equal([0, 0, Enterprise >> 8, Enterprise & 0xff],
            type[(346, 0)].Select(part => (uint)part)));
    }

    [Fact]
    public void Write_ManyFlows_AreMessagesThatFitADatagramInSequence()
    {
        var reader = new IpfixReader(Frame([.. Enumerable.Repeat(Lines, 40).SelectMany(lines => lines)]));

        Assert.Equal(40 * Lines.Count, reader.Flows.Count);
        Assert.All(reader.Lengths, length => Assert.InRange(length, 20, 1400));
        Assert.InRange(reader.Lengths.Count, 5, reader.Flows.Count);
    }

    [Fact]
    public void Write_LineAboutTheSensor_IsLeftOut() => Assert.Empty(Frame(
        ["{\"timestamp\":\"2026-03-01T14:06:13.220441+0000\",\"event_type\":\"drift\",\"drift\":{}}"]));

    [Fact]
    public void Write_LabelThatIsTooLong_IsCutAfterAWholeCharacter()
    {
        var label = new string('x', 253) + "éé";
        var line = SampleRecords.TextOfLabel(RecordFormat.Eve, label).Split('\n')
            .First(text => text.Contains("\"event_type\":\"flow\"", StringComparison.Ordinal));

        var flow = Assert.Single(new IpfixReader(Frame([line])).Flows);

        Assert.Equal(new string('x', 253), Encoding.UTF8.GetString(flow[(1, Enterprise)]));
    }

    static byte[] Frame(IReadOnlyList<string> lines)
    {
        var output = new ArrayBufferWriter<byte>();
        var framing = new IpfixFraming(Enterprise);
        framing.Begin(output);
        for (var i = 0; i < lines.Count; i++)
        {
            framing.Write(new(0xab, i + 1, Encoding.UTF8.GetBytes(lines[i])), output);
        }

        framing.End(output);
        return output.WrittenSpan.ToArray();
    }

    static string Expect(JsonElement eve, int number)
    {
        var (flow, answer) = (eve.GetProperty("flow"), eve.GetProperty("serveflow"));
        return string.Join(' ', Text(eve, "src_ip"), Text(eve, "dest_ip"), Text(eve, "src_port"),
            Text(eve, "dest_port"), Text(flow, "bytes_toserver"), Text(flow, "pkts_toserver"),
            Text(flow, "bytes_toclient"), Text(flow, "pkts_toclient"), Text(answer, "label"),
            Text(answer, "confidence"), Text(answer, "tier"),
            $"00000000000000ab-{number}", Text(eve, "community_id"));
    }

    static string Describe(Dictionary<(ushort Element, uint Enterprise), byte[]> flow)
    {
        const uint reverse = 29305;
        var isIpv6 = Number(60) == 6;
        return string.Join(' ', new IPAddress(flow[((ushort)(isIpv6 ? 27 : 8), 0)]),
            new IPAddress(flow[((ushort)(isIpv6 ? 28 : 12), 0)]), Number(7), Number(11), Number(352), Number(2),
            Number(352, reverse), Number(2, reverse), Text(1),
            BitConverter.UInt64BitsToDouble(Number(2, Enterprise)), Text(3), Text(5), Text(6));

        ulong Number(ushort element, uint enterprise = 0) =>
            flow[(element, enterprise)].Aggregate(0UL, (sum, next) => (sum << 8) | next);

        string Text(ushort element) => Encoding.UTF8.GetString(flow[(element, Enterprise)]);
    }

    static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? $"{value}" : "0";
}

/// <summary>Reads messages of IPFIX by their templates, as RFC 7011 says, and knows nothing of who wrote them.
/// </summary>
sealed class IpfixReader
{
    readonly Dictionary<ushort, List<(ushort Element, ushort Length, uint Enterprise)>> templates = [];
    readonly byte[] bytes;
    int at;

    public IpfixReader(byte[] messages)
    {
        bytes = messages;
        while (at < bytes.Length)
        {
            ReadMessage();
        }
    }

    public List<Dictionary<(ushort Element, uint Enterprise), byte[]>> Flows { get; } = [];

    /// <summary>Gets the records of options: what elements are.</summary>
    public List<Dictionary<(ushort Element, uint Enterprise), byte[]>> Types { get; } = [];

    public List<int> Lengths { get; } = [];

    void ReadMessage()
    {
        var start = at;
        Assert.Equal(10, Read16());
        var length = Read16();
        Assert.InRange(Read32(), 1_500_000_000u, 2_000_000_000u); // when the flows ended
        Assert.Equal((uint)(Flows.Count + Types.Count), Read32());
        Read32();
        Lengths.Add(length);
        while (at < start + length)
        {
            ReadSet();
        }

        Assert.Equal(start + length, at);
    }

    void ReadSet()
    {
        var start = at;
        var (id, length) = (Read16(), Read16());
        while (at < start + length)
        {
            if (id is 2 or 3)
            {
                ReadTemplate(isOptions: id == 3);
            }
            else
            {
                (templates[id].Exists(field => field.Element == 346) ? Types : Flows)
                    .Add(templates[id].ToDictionary(field => (field.Element, field.Enterprise), ReadField));
            }
        }
    }

    void ReadTemplate(bool isOptions)
    {
        var fields = new List<(ushort, ushort, uint)>();
        templates.Add(Read16(), fields);
        var count = Read16();
        at += isOptions ? 2 : 0; // how many of them are scopes
        for (var left = count; left > 0; left--)
        {
            var (element, length) = (Read16(), Read16());
            fields.Add(((ushort)(element & 0x7fff), length, element > 0x7fff ? Read32() : 0));
        }
    }

    byte[] ReadField((ushort Element, ushort Length, uint Enterprise) field)
    {
        var length = field.Length == ushort.MaxValue ? bytes[at++] : field.Length;
        at += length;
        return bytes[(at - length)..at];
    }

    ushort Read16() => BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan((at += 2) - 2));

    uint Read32() => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan((at += 4) - 4));
}
