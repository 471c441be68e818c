using ServeFlow.Training.Labelling;
using Xunit;

namespace ServeFlow.Training.Tests.Labelling;

/// <summary>Labels by other tools' records, joined by Community ID or five-tuple, and by time.</summary>
public sealed class ToolRecordsTests : IDisposable
{
    /// <summary>One five-tuple is used twice, 300 seconds apart.</summary>
    const string Sheet = "src,sport,dst,dport,proto,first_ts,last_ts,community_id,label\n"
        + "10.0.0.1,1000,10.0.0.2,80,tcp,1500000000.100000000,1500000002.000000000,1:AAA=,\n"
        + "10.0.0.1,1000,10.0.0.2,80,tcp,1500000300.100000000,1500000302.000000000,1:AAA=,\n"
        + "10.0.0.1,8,10.0.0.3,0,icmp,1500000000.100000000,1500000002.000000000,1:BBB=,\n";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-records").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    const string Eve = "{\"timestamp\":\"2017-07-14T02:50:00.000000+0000\",\"event_type\":\"flow\","
        + "\"src_ip\":\"10.0.0.1\",\"src_port\":1000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"proto\":\"TCP\","
        + "\"app_proto\":\"http\",\"flow\":{\"start\":\"2017-07-14T02:45:00.100000+0000\","
        + "\"end\":\"2017-07-14T02:45:02.000000+0000\"},\"community_id\":\"1:AAA=\"}\n";

    [Fact]
    public void Eve_FlowEvent_LabelsTheFlowOfItsTimeAlone()
    {
        var (labels, account) = Fill("eve.json", Eve + "{\"event_type\":\"stats\",\"stats\":{}}\n"
            + Eve.Replace("http", "failed", StringComparison.Ordinal));

        Assert.Equal(["", "http", ""], labels);
        Assert.Equal(new RecordCounts(2, 1, 1, 0, 0), account.Sources[0].Records);
    }

    /// <summary>The Community ID of another seed meets none; the five-tuple does.</summary>
    [Fact]
    public void Eve_CommunityIdOfAnotherSeed_FiveTupleCounts() =>
        Assert.Equal(["", "http", ""],
            Fill("eve.json", Eve.Replace("1:AAA=", "1:ZZZ=", StringComparison.Ordinal)).Labels);

    [Fact]
    public void Eve_CommunityIdWithoutAddresses_IsEnough() => Assert.Equal(["", "http", ""], Fill("eve.json",
        "{\"flow\":{\"start\":\"2017-07-14T02:45:00.1Z\"},\"app_proto\":\"http\",\"community_id\":\"1:AAA=\"}\n")
        .Labels);

    /// <summary>An alert comes in the middle of its flow.</summary>
    [Fact]
    public void Eve_FieldOfAlerts_LabelsTheFlowThatWasOpen()
    {
        var (labels, _) = Fill("eve.json", "{\"event_type\":\"alert\","
            + "\"timestamp\":\"2017-07-14T02:40:01.500000+0000\","
            + "\"src_ip\":\"10.0.0.2\",\"src_port\":80,\"dest_ip\":\"10.0.0.1\",\"dest_port\":1000,\"proto\":\"TCP\","
            + "\"app_proto\":\"http\",\"alert\":{\"signature\":\"ET SCAN\"}}\n" + Eve, "alert.signature");

        Assert.Equal(["ET SCAN", "", ""], labels);
    }

    [Fact]
    public void Zeek_ConnLog_LabelsByServiceAndDuration()
    {
        var (labels, account) = Fill("conn.log", "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\t"
            + "id.resp_p\tproto\tservice\tduration\n"
            + "1500000000.100000\t10.0.0.1\t1000\t10.0.0.2\t80\ttcp\thttp\t301.900000\n"
            + "1500000000.100000\t10.0.0.1\t8\t10.0.0.3\t0\ticmp\tping\t-\n"
            + "1500000000.100000\t10.0.0.9\t8\t10.0.0.3\t0\ticmp\tping\t-\n");

        Assert.Equal(["http", "http", "ping"], labels);
        Assert.Equal(new RecordCounts(3, 0, 2, 1, 0), account.Sources[0].Records);
        Assert.Contains($"{Path.Combine(folder, "conn.log")}:5: no flow for this record", account.Examples);
    }

    /// <summary>A script of Zeek's may set another separator; its protocol may be one that Zeek has no name for.
    /// </summary>
    [Fact]
    public void Zeek_OtherSeparatorAndNamelessProtocol_AreRead()
    {
        var (labels, account) = Fill("conn.log", "#separator \\x2c\n#unset_field,-\n"
            + "#fields,ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,service\n"
            + "1500000000.100000,10.0.0.1,1000,10.0.0.2,80,tcp,http\n"
            + "1500000300.100000,10.0.0.1,0,10.0.0.2,0,unknown_transport,vrrp\n");

        Assert.Equal(["http", "", ""], labels);
        Assert.Equal(new RecordCounts(2, 0, 1, 1, 0), account.Sources[0].Records);
    }

    /// <summary>Neither of them may end with 'no record': nothing that the user gave was read.</summary>
    [Theory]
    [InlineData("#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\tservice\n"
        + "1500000000.1\t10.0.0.1\t10.0.0.2\t80\ttcp\thttp\n", ":2: has no field 'sport'; give every record its "
        + "five-tuple: src, sport, dst, dport, proto")]
    [InlineData("1500000000.1\tC1\t10.0.0.1\t1000\t10.0.0.2\t80\ttcp\thttp\n"
        + "1500000000.2\tC2\t10.0.0.1\t1001\t10.0.0.2\t80\ttcp\thttp\n", ": no record names a flow, by its addresses "
        + "('src', 'dst') or a 'community_id'; give a table of flows, whole, with the line that names its columns")]
    public void Table_WithoutColumnsOfAFlow_IsRefused(string text, string problem) => Assert.Equal(
        Path.Combine(folder, "conn.log") + problem,
        Assert.Throws<InputException>(() => Fill("conn.log", text)).Message);

    [Fact]
    public void Ndpi_Table_LabelsByProtocolToTheMillisecond() => Assert.Equal(["", "HTTP", ""], Fill("ndpi.csv",
        "#flow_id|protocol|first_seen|last_seen|duration|src_ip|src_port|dst_ip|dst_port|ndpi_proto_num|ndpi_proto\n"
        + "1|6|1500000300.100|1500000301.500|1.4|10.0.0.1|1000|10.0.0.2|80|7|HTTP\n").Labels);

    /// <summary>ndpiReader 4.2 separates by commas, and puts none of its fields into quotes.</summary>
    [Fact]
    public void Ndpi_CommaInALastField_IsNoneOfTheReadersBusiness() => Assert.Equal(["HTTP", "", ""], Fill("ndpi.csv",
        "#flow_id,protocol,first_seen,last_seen,duration,src_ip,src_port,dst_ip,dst_port,ndpi_proto_num,ndpi_proto,"
        + "http_user_agent\n"
        + "1,6,1500000000.100,1500000001.500,1.4,10.0.0.1,1000,10.0.0.2,80,7,HTTP,Mozilla (KHTML, like Gecko)\n")
        .Labels);

    [Fact]
    public void Records_ThatContradictEachOther_GiveNoLabel()
    {
        var (labels, account) = Fill("eve.json", Eve + Eve.Replace("http", "tls", StringComparison.Ordinal));

        Assert.Equal(["", "", ""], labels);
        Assert.Equal(1, account.Sources[0].Records!.Contradictions);
    }

    /// <summary>A record that only overlaps a flow counts less than the one that begins with it.</summary>
    [Fact]
    public void Records_OneBeginsWithTheFlow_ItCounts() => Assert.Equal("http", Fill("eve.json",
        Eve.Replace("http", "old", StringComparison.Ordinal).Replace("02:45:00.1", "02:44:00.1",
            StringComparison.Ordinal) + Eve).Labels[1]);

    [Fact]
    public void Record_WithoutTimeOfATupleUsedTwice_LabelsNeither() => Assert.Equal(["", "", ""], Fill("eve.json",
        "{\"src_ip\":\"10.0.0.1\",\"src_port\":1000,\"dest_ip\":\"10.0.0.2\",\"dest_port\":80,\"proto\":\"TCP\","
        + "\"ndpi\":{\"proto\":\"HTTP\"}}\n").Labels);

    (IReadOnlyList<string> Labels, LabelAccount Account) Fill(string name, string text, string? field = null)
    {
        var labels = Path.Combine(folder, "labels.csv");
        File.WriteAllText(labels, Sheet);
        File.WriteAllText(Path.Combine(folder, name), text);
        var sheet = LabelSheet.Read(labels);
        var account = LabelFiller.Fill(sheet, new() { Records = [(Path.Combine(folder, name), field)] });
        return ([.. sheet.Rows.Select(row => row.Label)], account);
    }
}
