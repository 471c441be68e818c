using System.IO.Compression;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Labelling;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets.Tables;

/// <summary>Labels in the tables of other tools, each as its tool writes it.</summary>
public sealed class ToolTableTests
{
    /// <summary>25 July 2017, 15:30:07 UTC.</summary>
    const long Second = 1_500_996_607_000_000_000;

    static LabelTable Read(string text) => LabelFile.Read(new StringReader(text), "labels.csv");

    /// <summary>The same flow, 10.0.0.1:1001 to 10.0.0.2:443 over TCP, in each table.</summary>
    [Theory]
    [InlineData("id,src_ip,src_port,dst_ip,dst_port,protocol,ip_version,bidirectional_first_seen_ms,application_name\n"
        + "0,10.0.0.1,1001,10.0.0.2,443,6,4,1500996607250,TLS\n", "TLS", 250_000_000)]
    [InlineData("Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Fwd IAT,Fwd IAT,Label\n"
        + "10.0.0.1-10.0.0.2-1001-443-6,10.0.0.1,1001,10.0.0.2,443,6,25/07/2017 03:30:07 PM,1,1,TLS\n", "TLS", 0)]
    [InlineData("Flow ID, Source IP, Source Port, Destination IP, Destination Port, Protocol, Timestamp, Label\r\n"
        + "10.0.0.1-10.0.0.2-1001-443-6,10.0.0.1,1001.0,10.0.0.2,443.0,6.0,25/7/2017 15:30:07,TLS\r\n", "TLS", 0)]
    [InlineData("Flow ID,Timestamp,Label\n10.0.0.1-10.0.0.2-1001-443-6,25/07/2017 15:30:07,TLS\n", "TLS", 0)]
    [InlineData("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
        + "#open\t2017-07-25-15-30-07\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\n"
        + "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\n"
        + "1500996607.250000\tC1\t10.0.0.1\t1001\t10.0.0.2\t443\ttcp\tssl\n#close\t2017-07-25-16-00-00\n", "ssl",
        250_000_000)]
    [InlineData("{\"ts\":1500996607.25,\"id.orig_h\":\"10.0.0.1\",\"id.orig_p\":1001,\"id.resp_h\":\"10.0.0.2\","
        + "\"id.resp_p\":443,\"proto\":\"tcp\",\"service\":\"ssl\"}\n", "ssl", 250_000_000)]
    [InlineData("{\"timestamp\":\"2017-07-25T15:30:08.000000+0000\",\"event_type\":\"tls\",\"src_ip\":\"10.0.0.1\"}\n"
        + "{\"timestamp\":\"2017-07-25T15:40:07.000000+0000\",\"event_type\":\"flow\",\"src_ip\":\"10.0.0.1\","
        + "\"src_port\":1001,\"dest_ip\":\"10.0.0.2\",\"dest_port\":443,\"proto\":\"TCP\",\"app_proto\":\"tls\","
        + "\"flow\":{\"start\":\"2017-07-25T17:30:07.250000+0200\"}}\n", "tls", 250_000_000)]
    [InlineData("#flow_id|protocol|first_seen|last_seen|duration|src_ip|src_port|dst_ip|dst_port|ndpi_proto_num|"
        + "ndpi_proto\n1|6|1500996607.250|1500996608.000|0.750|10.0.0.1|1001|10.0.0.2|443|91|TLS\n", "TLS",
        250_000_000)]
    [InlineData("StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,Label\n"
        + "2017/07/25 15:30:07.250000,1.0,tcp,10.0.0.1,1001,->,10.0.0.2,0x01bb,CON,TLS\n", "TLS", 250_000_000)]
    [InlineData("sep=;\r\n\"SRC\";\"SPORT\";\"DST\";\"DPORT\";\"PROTO\";\"First_TS\";\"Label\"\r\n"
        + "\"10.0.0.1\";\"1001,0\";\"10.0.0.2\";\"443,0\";\"TCP\";\"1500996607,25\";\"TLS\"\r\n", "TLS", 250_000_000)]
    [InlineData("src\tsport\tdst\tdport\tproto\tfirst_ts\tlabel\n"
        + "10.0.0.1\t1001\t10.0.0.2\t443\ttcp\t2017-07-25T15:30:07\tTLS\n", "TLS", 0)]
    public void Read_TableOfATool_GivesTheFlow(string text, string label, long fraction)
    {
        var ours = Assert.Single(Read("src,sport,dst,dport,proto,label\n10.0.0.1,1001,10.0.0.2,443,tcp,x\n").Rows);

        var row = Assert.Single(Read(text).Rows);

        Assert.Equal((ours.Key, label, Second + fraction), (row.Key, row.Label, row.FirstNs));
    }

    /// <summary>IoT-23 labels Zeek's log with two columns that spaces divide.</summary>
    [Fact]
    public void Read_Iot23_ColumnsDividedBySpacesAreRead()
    {
        var rows = Read("#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t"
            + "tunnel_parents   label   detailed-label\n"
            + "1500996607.25\t10.0.0.1\t1001\t10.0.0.2\t443\ttcp\t-\t-   Malicious   C&C\n").Rows;

        Assert.Equal("Malicious", Assert.Single(rows).Label);
    }

    /// <summary>What a tool did not recognise is no class; a label that says so is.</summary>
    [Theory]
    [InlineData("application_name", "Unknown", 1)]
    [InlineData("label", "Unknown", 0)]
    public void Read_NameThatSaysNothing_IsNoLabel(string column, string value, int unlabelled) => Assert.Equal(
        unlabelled, Read($"src_ip,src_port,dst_ip,dst_port,protocol,{column}\n10.0.0.1,1,10.0.0.2,2,6,TLS\n"
            + $"10.0.0.1,1,10.0.0.2,3,6,{value}\n").Unlabelled);

    /// <summary>Zeek has one name for both, and the types for ports.</summary>
    [Fact]
    public void Read_ZeekIcmpOfIpv6_IsIcmp6()
    {
        var row = Assert.Single(Read("#fields\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tlabel\n"
            + "fe80::1\t135\tff02::1\t136\ticmp\tnd\n").Rows);

        Assert.Equal((58, (ushort)135), (row.Key.Protocol, row.Icmp!.Value.Type));
    }

    [Theory]
    [InlineData("[{\"src\":1}]\n",
        "labels.csv:1: is a JSON array; give one object a line, for example with jq -c '.[]'")]
    [InlineData("{\"src\":1\n",
        "labels.csv:1: is no JSON object; give one object a line, whole, for example with jq -c")]
    [InlineData("{\"label\":\"x\",\"src_ip\":\"10.0.0.1\"}\n",
        "labels.csv:1: has no field 'dst'; give every record its five-tuple: src, sport, dst, dport, proto")]
    [InlineData("{\"label\":\"x\",\"src_ip\":\"10.0.0.01\",\"dest_ip\":\"10.0.0.2\",\"proto\":\"TCP\"}\n",
        "labels.csv:1: column 'src_ip': '10.0.0.01' has leading zeros, which some programs read as octal numbers; "
        + "write the address without them")]
    public void Read_BadRecord_SaysWhatAndWhere(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<InputException>(() => Read(text)).Message);

    [Fact]
    public void Read_GzipFile_IsUnpacked()
    {
        var path = Path.GetTempFileName();
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            gzip.Write("src,sport,dst,dport,proto,label\n10.0.0.1,1,10.0.0.2,2,tcp,a\n"u8);
        }

        Assert.Equal("a", Assert.Single(LabelFile.Read(path).Rows).Label);
        File.Delete(path);
    }

    /// <summary>The base library takes the early end for the end, and half of the labels would be missed.</summary>
    [Fact]
    public void Read_GzipFileCutBetweenTwoLines_IsRefused()
    {
        using var packed = new MemoryStream();
        using var gzip = new GZipStream(packed, CompressionLevel.Fastest);
        gzip.Write("src,sport,dst,dport,proto,label\n10.0.0.1,1,10.0.0.2,2,tcp,a\n"u8);
        gzip.Flush();
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, packed.ToArray());

        Assert.Equal($"{path}: is damaged gzip: gzip data ends early; give the file whole, or unpacked",
            Assert.Throws<InputException>(() => LabelFile.Read(path)).Message);
        Assert.Throws<InputException>(() => LabelSheet.Read(path));
        File.Delete(path);
    }

    [Fact]
    public void Read_Workbook_IsNamed()
    {
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, "PK\u0003\u0004xl/workbook.xml"u8.ToArray());

        Assert.Equal($"{path}: is a workbook or another zip archive, no text; save the table as CSV in UTF-8",
            Assert.Throws<InputException>(() => LabelFile.Read(path)).Message);
        File.Delete(path);
    }
}
