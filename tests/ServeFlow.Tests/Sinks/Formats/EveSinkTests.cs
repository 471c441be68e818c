using System.Text.Json;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Formats;

public sealed class EveSinkTests
{
    static readonly JsonElement[] Records =
        [.. SampleRecords.Text(RecordFormat.Eve).TrimEnd('\n').Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement)];

    static JsonElement Find(string type, string source) => Records.Single(record =>
        record.GetProperty("event_type").GetString() == type && record.GetProperty("src_ip").GetString() == source);

    [Fact]
    public void Write_EveryFlow_HasOnePredictionAndOneEndWithTheSameId()
    {
        var ids = Records.ToLookup(record => record.GetProperty("flow_id").GetInt64(),
            record => record.GetProperty("event_type").GetString());

        Assert.Equal(8, ids.Count);
        Assert.All(ids, events => Assert.Equal(["prediction", "flow"], events));
        Assert.All(ids, events => Assert.True(events.Key > 0));
    }

    [Theory]
    [InlineData("\u001b[2J\u007f\u009b.pcap")]
    [InlineData("a\u202eb\u2066c\u200f\U000e0001.pcap")]
    [InlineData("two\nlines\u2028.pcap")]
    public void Write_NameThatCommands_IsEscapedAndReadsBackAsItWas(string name)
    {
        var text = SampleRecords.TextOfCapture(RecordFormat.Eve, name);

        Assert.True(PrintableText.IsPrintable(text.Replace("\n", "")));
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Equal(name,
            JsonDocument.Parse(line).RootElement.GetProperty("pcap_filename").GetString()));
    }

    [Fact]
    public void Write_Prediction_HasExactlyTheseFields()
    {
        var record = Records.First(r => r.GetProperty("event_type").GetString() == "prediction"
            && r.GetProperty("proto").GetString() == "UDP");

        Assert.Equal(["timestamp", "flow_id", "pcap_filename", "pcap_cnt", "event_type", "src_ip", "src_port",
            "dest_ip", "dest_port", "ip_v", "proto", "community_id", "flow", "serveflow"], Names(record));
        Assert.Equal(["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "start"],
            Names(record.GetProperty("flow")));
        Assert.Equal(["schema", "label", "label_id", "confidence", "topk", "state", "tier", "reason", "uncertainty",
            "model", "model_version", "model_sha256", "features", "packets_used", "latency_us", "revision"],
            Names(record.GetProperty("serveflow")));
        Assert.Equal(["measure", "value", "threshold"],
            Names(record.GetProperty("serveflow").GetProperty("uncertainty")));
    }

    [Fact]
    public void Write_TcpEnd_HasFlowAndTcpBlocks()
    {
        var record = Records.Single(r => r.GetProperty("event_type").GetString() == "flow"
            && r.GetProperty("proto").GetString() == "TCP");

        Assert.Equal(["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient", "start", "end", "age",
            "state", "reason"], Names(record.GetProperty("flow")));
        Assert.Equal(["tcp_flags", "tcp_flags_ts", "tcp_flags_tc", "syn", "fin", "psh", "ack", "state"],
            Names(record.GetProperty("tcp")));
        Assert.Equal("1b", record.GetProperty("tcp").GetProperty("tcp_flags").GetString());
        Assert.Equal("13", record.GetProperty("tcp").GetProperty("tcp_flags_tc").GetString());
        Assert.Equal("closed", record.GetProperty("flow").GetProperty("state").GetString());
        Assert.Equal("end_of_flow", record.GetProperty("flow").GetProperty("reason").GetString());
    }

    [Fact]
    public void Write_Prediction_SpellsTimeAsSuricata()
    {
        Assert.Equal("2018-03-06T02:30:22.155025+0000", Records.First(r =>
            r.GetProperty("event_type").GetString() == "prediction"
            && r.TryGetProperty("dest_port", out var port) && port.GetInt32() == 53)
            .GetProperty("timestamp").GetString());
    }

    [Fact]
    public void Write_Ping_HasTypeAndCodeInsteadOfPorts()
    {
        var record = Find("flow", "10.0.0.7");

        Assert.Equal("ICMP", record.GetProperty("proto").GetString());
        Assert.Equal((8, 0), (record.GetProperty("icmp_type").GetInt32(), record.GetProperty("icmp_code").GetInt32()));
        Assert.False(record.TryGetProperty("src_port", out _));
        Assert.Equal(1, record.GetProperty("flow").GetProperty("pkts_toclient").GetInt32());
    }

    [Fact]
    public void Write_TaggedFlow_HasVlanArray() =>
        Assert.Equal("[42]", Find("flow", "10.0.0.3").GetProperty("vlan").GetRawText());

    [Fact]
    public void Write_TunnelledFlow_KeepsOuterAddressesToTheEnd()
    {
        foreach (var type in new[] { "prediction", "flow" })
        {
            var tunnel = Find(type, "192.168.0.1").GetProperty("tunnel");

            Assert.Equal("10.9.0.1", tunnel.GetProperty("src_ip").GetString());
            Assert.Equal("gre", tunnel.GetProperty("kind").GetString());
            Assert.Equal(1, tunnel.GetProperty("depth").GetInt32());
        }
    }

    [Fact]
    public void Write_OtherProtocol_IsSpelledAsNumber() =>
        Assert.Equal("253", Find("flow", "10.0.0.5").GetProperty("proto").GetString());

    [Fact]
    public void Write_LabelWithQuotes_IsEscaped() =>
        Assert.Contains(Records, record =>
            record.GetProperty("serveflow").GetProperty("label").GetString() == "odd, \"quoted\"");

    [Fact]
    public void Write_LastTier_LeavesTheInfiniteThresholdOut()
    {
        var escalated = Records.Where(r => r.GetProperty("event_type").GetString() == "prediction"
            && r.GetProperty("serveflow").GetProperty("tier").GetString() == "tier1");

        Assert.NotEmpty(escalated);
        Assert.All(escalated, r =>
            Assert.False(r.GetProperty("serveflow").GetProperty("uncertainty").TryGetProperty("threshold", out _)));
    }

    static IEnumerable<string> Names(JsonElement record) => record.EnumerateObject().Select(field => field.Name);
}
