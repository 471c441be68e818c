using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Formats;

public sealed class CsvSinkTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_EveryRow_HasAsManyFieldsAsTheHeader(bool nfstream)
    {
        var rows = Rows(SampleRecords.Text(RecordFormat.Csv, new() { NFStreamNames = nfstream }));

        Assert.Equal(9, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
        Assert.Equal(rows[0].Count, rows[0].Distinct().Count());
    }

    [Fact]
    public void Write_LabelWithCommaAndQuotes_ReadsBackAsItWas()
    {
        var rows = Rows(SampleRecords.Text(RecordFormat.Csv));
        var label = rows[0].IndexOf("serveflow_label");

        Assert.Contains("odd, \"quoted\"", rows.Select(row => row[label]));
    }

    [Theory]
    [InlineData("\u001b]0;title\u0007.pcap", "\\x1b]0;title\\x07.pcap")]
    [InlineData("two\nlines.pcap", "two\\x0alines.pcap")]
    [InlineData("\u202egnp.pcap", "\\u202egnp.pcap")]
    public void Write_NameThatCommands_IsEscaped(string name, string expected)
    {
        var captures = Rows(SampleRecords.TextOfCapture(RecordFormat.Csv, name));
        var labels = Rows(SampleRecords.TextOfLabel(RecordFormat.Csv, name));

        Assert.Equal(9, captures.Count);
        Assert.All(captures.Skip(1), row => Assert.Equal(expected, row[captures[0].IndexOf("pcap_filename")]));
        Assert.All(labels.Skip(1), row => Assert.Equal(expected, row[labels[0].IndexOf("serveflow_label")]));
    }

    [Theory]
    [InlineData(false, "=1+1.pcap", "@x")]
    [InlineData(true, "'=1+1.pcap", "'@x")]
    public void Write_NameThatASpreadsheetRuns_IsNeutralisedOnRequest(bool safe, string capture, string label)
    {
        var options = new SinkOptions { HasSafeCells = safe };
        var captures = Rows(SampleRecords.TextOfCapture(RecordFormat.Csv, "=1+1.pcap", options));
        var labels = Rows(SampleRecords.TextOfLabel(RecordFormat.Csv, "@x", options));

        Assert.All(captures.Skip(1), row => Assert.Equal(capture, row[captures[0].IndexOf("pcap_filename")]));
        Assert.All(labels.Skip(1), row => Assert.Equal(label, row[labels[0].IndexOf("serveflow_label")]));
    }

    [Fact]
    public void Write_NFStreamNames_HaveItsColumns()
    {
        var header = Rows(SampleRecords.Text(RecordFormat.Csv, new() { NFStreamNames = true }))[0];

        Assert.Superset(new HashSet<string>
        {
            "id", "expiration_id", "src_ip", "src_port", "dst_ip", "dst_port", "protocol", "ip_version", "vlan_id",
            "bidirectional_first_seen_ms", "bidirectional_last_seen_ms", "bidirectional_duration_ms",
            "bidirectional_packets", "bidirectional_bytes", "src2dst_packets", "src2dst_bytes", "dst2src_packets",
            "dst2src_bytes", "application_name",
        }, header.ToHashSet());
    }

    [Fact]
    public void Write_FlowWithoutTcp_LeavesItsFieldsEmpty()
    {
        var rows = Rows(SampleRecords.Text(RecordFormat.Csv));
        var (proto, flags) = (rows[0].IndexOf("proto"), rows[0].IndexOf("tcp_flags"));

        Assert.All(rows.Skip(1), row => Assert.Equal(row[proto] == "TCP", row[flags].Length > 0));
    }

    /// <summary>RFC 4180, with lines ended by LF and no line breaks inside fields.</summary>
    static List<List<string>> Rows(string text) =>
        [.. text.TrimEnd('\n').Split('\n').Select(Fields)];

    static List<string> Fields(string line)
    {
        var fields = new List<string> { "" };
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                fields[^1] += line[i++];
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add("");
            }
            else
            {
                fields[^1] += line[i];
            }
        }

        return fields;
    }
}
