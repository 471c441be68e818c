using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;
using Xunit;

namespace ServeFlow.Tests.Sinks.Formats;

public sealed class ZeekSinkTests
{
    const string Fields = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes "
        + "conn_state missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes community_id sf_label "
        + "sf_confidence sf_tier sf_model";

    static readonly string[] Lines = SampleRecords.Text(RecordFormat.Zeek).TrimEnd('\n').Split('\n');

    [Fact]
    public void Write_Header_IsZeeks()
    {
        Assert.Equal([@"#separator \x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
            "#path\tconn"], Lines[..5]);
        Assert.Equal("#open\t2018-03-06-02-30-22", Lines[5]);
        Assert.Equal("#fields\t" + Fields.Replace(' ', '\t'), Lines[6]);
        Assert.StartsWith("#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount", Lines[7],
            StringComparison.Ordinal);
        Assert.StartsWith("#close\t2018-03-06-02-30-22", Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EveryLine_HasAsManyColumnsAsFieldsAndTypes()
    {
        var columns = Fields.Split(' ').Length;

        Assert.Equal(columns + 1, Lines[7].Split('\t').Length);
        Assert.All(Lines[8..^1], line => Assert.Equal(columns, line.Split('\t').Length));
        Assert.Equal(8, Lines[8..^1].Length);
    }

    [Fact]
    public void Write_TcpConnection_IsToldInZeeksWords()
    {
        var tcp = Lines.Single(line => line.Contains("\ttcp\t", StringComparison.Ordinal)).Split('\t');

        Assert.Equal("1520303422.105025", tcp[0]);
        Assert.Matches("^C[0-9A-Za-z]{17}$", tcp[1]);
        Assert.Equal(["10.0.0.1", "40000", "10.0.0.2", "80"], tcp[2..6]);
        Assert.Equal("0.040000", tcp[8]);
        Assert.Equal("SF", tcp[11]);
        Assert.Equal("ShAFf", tcp[13]);
        Assert.Equal(["5", "200", "2", "80"], tcp[14..18]);
    }

    [Fact]
    public void Write_SinglePacket_HasNoDuration() =>
        Assert.Equal("-", Lines.Single(line => line.Contains("10.0.0.5", StringComparison.Ordinal)).Split('\t')[8]);

    /// <summary>The counter of a direction stops at the highest number that it can hold.</summary>
    [Fact]
    public void Write_FullCounterAndAnAnswer_HasADuration()
    {
        using var stream = new MemoryStream();
        using (var sink = new ZeekSink(stream, SampleRecords.Plan, new()))
        {
            sink.Write(new()
            {
                Kind = RecordKind.End,
                Flow = new()
                {
                    Key = new(default, default, 1, 2, 0, 17, 4),
                    LastNs = 1_000_000_000,
                    PacketsForward = uint.MaxValue,
                    PacketsBackward = 1,
                },
            });
        }

        var line = System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[^3];
        Assert.Equal("1.000000", line.Split('\t')[8]);
    }

    [Theory]
    [InlineData("a\tb\nc", @"a\x09b\x0ac")]
    [InlineData(@"a\x09", @"a\x5cx09")]
    [InlineData("-", @"\x2d")]
    [InlineData("(empty)", @"\x28empty)")]
    [InlineData("- zoom", "- zoom")]
    [InlineData("a\u009bb", @"a\xc2\x9bb")]
    [InlineData("a\u202eb", @"a\xe2\x80\xaeb")]
    [InlineData("voz é", "voz é")]
    public void Write_HostileLabel_StaysOneField(string label, string expected)
    {
        var lines = SampleRecords.TextOfLabel(RecordFormat.Zeek, label).Split('\n');

        Assert.All(lines.Where(line => line.Length > 0 && line[0] != '#'),
            line => Assert.Contains($"\t{expected}\t", line));
    }

    [Fact]
    public void Dispose_NoRecords_LeavesAWholeEmptyLog()
    {
        using var stream = new MemoryStream();
        using (new ZeekSink(stream, SampleRecords.Plan, new()))
        {
        }

        var lines = System.Text.Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(9, lines.Length);
        Assert.StartsWith("#close", lines[^1], StringComparison.Ordinal);
    }
}
