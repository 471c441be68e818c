using ServeFlow.Packets;
using ServeFlow.Training.Datasets.Labels;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Labels;

public sealed class LabelFileTests
{
    const string Header = "pcap,src,sport,dst,dport,proto,label,first_ts\n";

    static IReadOnlyList<LabelRow> Read(string text) => LabelFile.Read(new StringReader(text), "labels.csv").Rows;

    [Fact]
    public void Read_AllColumns_RowHoldsThem()
    {
        var row = Assert.Single(Read(Header + "a/b.pcap,10.0.0.2,4242,10.0.0.1,443,tcp,web,1700000000.123456\n"));

        Assert.Equal("a/b.pcap", row.Capture);
        Assert.Equal("web", row.Label);
        Assert.Equal(1_700_000_000_123_456_000, row.FirstNs);
        Assert.Equal(2, row.Line);
        Assert.Equal((ushort)443, row.Key.LowPort);
        Assert.Equal(IpAddress.FromIpv4(0x0a000001), row.Key.LowAddress);
    }

    [Fact]
    public void Read_EitherDirection_SameKey()
    {
        var rows = Read(Header + "x,10.0.0.2,4242,10.0.0.1,443,tcp,web,\nx,10.0.0.1,443,10.0.0.2,4242,6,web,\n");

        Assert.Equal(rows[0].Key, rows[1].Key);
    }

    [Fact]
    public void Read_QuotedFieldsExtraAndReorderedColumns_AreUnderstood()
    {
        var row = Assert.Single(Read(
            "note,label,dst,src,dport,sport,proto\r\n\"a \"\"b\"\", c\nd\",\"web, shop\",::1,::2,53,1024,udp\r\n\r\n"));

        Assert.Equal("web, shop", row.Label);
        Assert.Null(row.Capture);
        Assert.Null(row.FirstNs);
    }

    [Theory]
    [InlineData("0", "0", false)]
    [InlineData("", "", false)]
    [InlineData("8", "0", true)]
    public void Read_IcmpPorts_ZeroMeansEveryKind(string type, string code, bool restricts)
    {
        var row = Assert.Single(Read(Header + $"x,10.0.0.1,{type},10.0.0.2,{code},icmp,ping,\n"));

        Assert.Equal(restricts, row.Icmp is not null);
        Assert.Equal(0, row.Key.LowPort | row.Key.HighPort);
    }

    [Theory]
    [
        InlineData("",
            "labels.csv: empty; the first line must name the columns src,sport,dst,dport,proto,label (and optionally "
            + "pcap, first_ts)")]
    [InlineData(Header, "labels.csv: no label rows below the header; add some")]
    [
        InlineData("src,port\n",
            "labels.csv:1: no column 'sport', 'dst', 'dport', 'proto', 'label'; found 'src,port', needed "
            + "src,sport,dst,dport,proto,label (and optionally pcap, first_ts)")]
    [InlineData("src,src\n", "labels.csv:1: column 'src' is named twice; remove one")]
    [InlineData("Src IP,src_ip,sport,dst,dport,proto,label\n",
        "labels.csv:1: column 'src_ip' is named twice; remove one")]
    [InlineData(Header + "x,10.0.0.256,1,10.0.0.1,2,tcp,a,\n",
        "labels.csv:2: column 'src': '10.0.0.256' is no IPv4 or IPv6 address")]
    [InlineData(Header + "x,\"a\n\u001b[2Jb\",1,10.0.0.1,2,tcp,a,\n",
        "labels.csv:2: column 'src': 'a\\x0a\\x1b[2Jb' is no IPv4 or IPv6 address")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,65536,tcp,a,\n",
        "labels.csv:2: column 'dport': '65536' is no port; use 0-65535")]
    [InlineData(Header + "x,10.0.0.1,-1,10.0.0.2,2,tcp,a,\n",
        "labels.csv:2: column 'sport': '-1' is no port; use 0-65535")]
    [
        InlineData(Header + "\nx,10.0.0.1,1,10.0.0.2,2,tpc,a,\n",
            "labels.csv:3: column 'proto': 'tpc' is no protocol; use tcp, udp, icmp, icmp6, igmp, sctp, gre, esp, ah, "
            + "ospf or a number 0-255")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,,\n",
        "labels.csv:2: no row has a label (1 rows); fill the label column, for example with 'serveflow label'")]
    [InlineData(Header + "x,010.000.000.001,1,10.0.0.2,2,tcp,a,\n",
        "labels.csv:2: column 'src': '010.000.000.001' has leading zeros, which some programs read as octal numbers; "
        + "write the address without them")]
    [InlineData(Header + "x,10.1,1,10.0.0.2,2,tcp,a,\n",
        "labels.csv:2: column 'src': '10.1' is no IPv4 or IPv6 address")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,\"a\nb\",\n",
        "labels.csv:2: label 'a\\x0ab' has control characters; write it in at most 255 printable characters")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a\u202eb,\n",
        "labels.csv:2: label 'a\\u202eb' has control characters; write it in at most 255 printable characters")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a,1.4992E+09\n",
        "labels.csv:2: column 'first_ts': '1.4992E+09' is no time; use Unix seconds such as 1700000000.25")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a,2017-07-25\n",
        "labels.csv:2: column 'first_ts': '2017-07-25' is no time; use Unix seconds such as 1700000000.25")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a,noon\n",
        "labels.csv:2: column 'first_ts': 'noon' is no time; use Unix seconds such as 1700000000.25")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a\n",
        "labels.csv:2: 7 fields where the header names 8; quote fields that hold a comma")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a,\rx,10.0.0.1,1,10.0.0.2,2,tcp,a,\n",
        "labels.csv:2: a carriage return alone ends a line; convert the line ends, for example with tr '\\r' '\\n'")]
    [InlineData("src,sport,dst,dport,proto,label\r10.0.0.1,1,10.0.0.2,2,tcp,a\r",
        "labels.csv:1: a carriage return alone ends a line; convert the line ends, for example with tr '\\r' '\\n'")]
    [InlineData(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,\"a,\n",
        "labels.csv:2: a quoted field is not closed; add the missing '\"'")]
    public void Read_BadInput_SaysWhatWhereAndWhatToDo(string text, string expected)
    {
        var error = Assert.Throws<InputException>(() => Read(text));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Read_QuoteInsideAField_IsACharacter()
    {
        var rows = Read(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,5\" disk,\nx,10.0.0.1,1,10.0.0.2,2,tcp,6\" disk,\n");

        Assert.Equal(["5\" disk", "6\" disk"], rows.Select(row => row.Label));
        Assert.Equal([2, 3], rows.Select(row => row.Line));
    }

    [Fact]
    public void Read_RecordsOfSeveralLines_KeepTheLinesOfTheFile()
    {
        var rows = Read("note," + Header + "\"a\nb\",x,10.0.0.1,1,10.0.0.2,2,tcp,a,\n\n"
            + "c,\"y\",10.0.0.1,1,10.0.0.2,2,tcp,c,\n");

        Assert.Equal([2, 5], rows.Select(row => row.Line));
    }

    [Fact]
    public void Read_ByteOrderMark_IsNoPartOfTheFirstColumn() =>
        Assert.Equal("x", Assert.Single(Read("\uFEFF" + Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,a,\n")).Capture);

    [Fact]
    public void Read_MissingFile_OneLineWithItsPath()
    {
        var error = Assert.Throws<InputException>(() => LabelFile.Read("/nowhere/labels.csv"));

        Assert.StartsWith("/nowhere/labels.csv: no such file; ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ColumnNamedTwiceThatNobodyReads_IsLeftAlone()
    {
        var row = Assert.Single(Read("src,sport,dst,dport,proto,Fwd Header Length,Fwd Header Length,label\n"
            + "10.0.0.1,1001,10.0.0.2,80,tcp,1,1,web\n"));

        Assert.Equal("web", row.Label);
    }

    [Fact]
    public void Read_RowsWithoutLabel_AreCountedAndLeftOut()
    {
        var table = LabelFile.Read(new StringReader(Header
            + "x,10.0.0.1,1,10.0.0.2,2,tcp,,\nx,10.0.0.1,1,10.0.0.2,3,tcp,a,\n"), "labels.csv");

        Assert.Equal(1, table.Unlabelled);
        Assert.Equal(3, Assert.Single(table.Rows).Line);
    }

    [Fact]
    public void Read_FieldWithoutEnd_IsRefusedBeforeItFillsTheMemory()
    {
        var error = Assert.Throws<InputException>(() =>
            Read(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp,\"" + new string('a', 70_000) + "\",\n"));

        Assert.Equal("labels.csv:2: a field has more than 65,536 characters; shorten it, or close the quote before it",
            error.Message);
    }

    [Fact]
    public void Read_LabelOfAPage_IsRefused() => Assert.StartsWith("labels.csv:2: label 'aaa",
        Assert.Throws<InputException>(() =>
            Read(Header + "x,10.0.0.1,1,10.0.0.2,2,tcp," + new string('a', 257) + ",\n")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("latin1", ":2: is not UTF-8 (byte 0xe9)")]
    [InlineData("utf-16", ":1: is UTF-16, not UTF-8; convert it, for example with 'iconv -f UTF-16 -t UTF-8'")]
    [InlineData("utf-16BE", ":1: holds a zero byte, so it is UTF-16 or no text;")]
    public void Read_AnotherEncoding_IsRefusedWithItsLine(string encoding, string expected)
    {
        var error = Assert.Throws<InputException>(() => ReadBytes(encoding == "utf-16"
            ? [0xff, 0xfe, .. System.Text.Encoding.Unicode.GetBytes(Accented)]
            : System.Text.Encoding.GetEncoding(encoding).GetBytes(Accented)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Utf8WithByteOrderMark_IsRead() => Assert.Equal("café",
        ReadBytes([0xef, 0xbb, 0xbf, .. System.Text.Encoding.UTF8.GetBytes(Accented)]).Rows[0].Label);

    [Fact]
    public void Read_CutCharacter_IsRefused() => Assert.Contains("the file ends inside a character",
        Assert.Throws<InputException>(() =>
            ReadBytes([.. System.Text.Encoding.UTF8.GetBytes(Accented.TrimEnd())[..^1]])).Message,
        StringComparison.Ordinal);

    const string Accented = "src,sport,dst,dport,proto,label\n10.0.0.1,1,10.0.0.2,2,tcp,café\n";

    static LabelTable ReadBytes(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            return LabelFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
