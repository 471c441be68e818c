using ServeFlow.Training.Labelling;
using Xunit;

namespace ServeFlow.Training.Tests.Labelling;

/// <summary>Labels by rules, by devices and by directories.</summary>
public sealed class LabelFillerTests : IDisposable
{
    const string Header = "pcap,src,sport,dst,dport,proto,first_ts,last_ts,src_mac,dst_mac,label\n";

    readonly string folder = Directory.CreateTempSubdirectory("serveflow-label").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("port 443=x", "x--")]
    [InlineData("src port 443=x", "---")]
    [InlineData("dst port 443=x", "x--")]
    [InlineData("port 50-60=x", "-x-")]
    [InlineData("portrange 50-60=x", "-x-")]
    [InlineData("port 8=x", "---")]
    [InlineData("host 10.0.0.2=x", "x--")]
    [InlineData("src host 10.0.0.2=x", "---")]
    [InlineData("net 10.0.0.0/24=x", "xxx")]
    [InlineData("net 10.0.0.2/31=x", "xx-")]
    [InlineData("dst net 10.0.0.3/32=x", "-x-")]
    [InlineData("not net 10.0.0.3/32=x", "x-x")]
    [InlineData("net 0.0.0.0/0=x", "xxx")]
    [InlineData("net ::/0=x", "xxx")]
    [InlineData("udp=x", "-x-")]
    [InlineData("proto 17=x", "-x-")]
    [InlineData("udp port 53=x", "-x-")]
    [InlineData("tcp port 53=x", "---")]
    [InlineData("icmp=x", "--x")]
    [InlineData("tcp or udp=x", "xx-")]
    [InlineData("tcp and port 443 or udp and port 53=x", "xx-")]
    [InlineData("not tcp and not udp=x", "--x")]
    [InlineData("dir web=x", "x--")]
    [InlineData("dir 2017=x", "-x-")]
    [InlineData("dir dns/2017=x", "-x-")]
    [InlineData("dir a.pcap=x", "---")]
    [InlineData("mac 02:00:00:00:00:01=x", "x--")]
    [InlineData("dst mac 02-00-00-00-00-01=x", "---")]
    public void Rule_Condition_MeetsTheFlowsThatTcpdumpWould(string rule, string expected)
    {
        var sheet = Read(Three);
        LabelFiller.Fill(sheet, new() { Rules = [rule] });

        Assert.Equal(expected, string.Concat(Labels(sheet).Select(label => label.Length > 0 ? label : "-")));
    }

    [Theory]
    [InlineData("port 443", "rule 'port 443': has no label; write CONDITION=LABEL, such as 'port 443=web'")]
    [InlineData("port 70000=x", "rule 'port 70000=x': '70000' is no port; use 443 or 8000-8010;")]
    [InlineData("net 10.0.0.0=x", "rule 'net 10.0.0.0=x': '10.0.0.0' is no network; use 10.0.0.0/8 or 2001:db8::/32;")]
    [InlineData("net 10.0.0.0/33=x", "rule 'net 10.0.0.0/33=x': '10.0.0.0/33' is no network;")]
    [InlineData("host 010.0.0.1=x", "rule 'host 010.0.0.1=x': '010.0.0.1' is no address;")]
    [InlineData("prot 443=x", "rule 'prot 443=x': 'prot' is not understood;")]
    [InlineData("port 443 80=x", "rule 'port 443 80=x': '80' is not understood;")]
    [InlineData("port=x", "rule 'port=x': a port is missing;")]
    [InlineData("=x", "rule '=x': a condition is missing;")]
    [InlineData("port 443 and=x", "rule 'port 443 and=x': a condition is missing;")]
    public void Rule_ThatIsNone_SaysWhatIsWrong(string rule, string expected) => Assert.StartsWith(expected,
        Assert.Throws<InputException>(() => LabelFiller.Fill(Read(Three), new() { Rules = [rule] })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Fill_SeveralSources_TheFirstInOrderGivesTheLabel()
    {
        var sheet = Read(Three);
        var account = LabelFiller.Fill(sheet, new()
        {
            Rules = ["udp port 53=name", "udp=other"],
            MacTable = File("devices.csv", "mac,label\n02:00:00:00:00:01,camera\n"),
            FromDirectories = true,
        });

        Assert.Equal(["camera", "name", "ping"], Labels(sheet));
        Assert.Equal([("udp port 53=name", 1), ("udp=other", 0), (At("devices.csv"), 1), ("directories", 1)],
            account.Sources.Select(source => (source.Name, source.Flows)));
        Assert.Equal(1, account.Contradictions);
        Assert.Equal(["line 2: 'camera' by " + At("devices.csv") + ", 'web' by directories"], account.Examples);
        Assert.Equal((3, 3, 0), (account.Flows, account.Labelled, account.Unlabelled));
    }

    [Theory]
    [InlineData(false, "mine", 1, 0)]
    [InlineData(true, "x", 0, 1)]
    public void Fill_FlowWithALabel_KeepsItUnlessForced(bool force, string expected, int kept, int replaced)
    {
        var sheet = Read(Three.Replace("02:00:00:00:00:03,\n", "02:00:00:00:00:03,mine\n", StringComparison.Ordinal));
        var account = LabelFiller.Fill(sheet, new() { Rules = ["udp=x"], Force = force });

        Assert.Equal(expected, Labels(sheet)[1]);
        Assert.Equal((kept, kept, replaced, 1, 2), (account.Kept, account.KeptAgainst, account.Replaced,
            account.Labelled, account.Unlabelled));
    }

    [Fact]
    public void Write_OtherColumns_StayAsTheyWere()
    {
        const string text = "note;src;sport;dst;dport;proto\n\"a;\"\"b\"\"\";10.0.0.1;1;10.0.0.2;443;tcp\n";
        var sheet = Read(text);
        LabelFiller.Fill(sheet, new() { Rules = ["tcp=web; or not"] });
        using var written = new StringWriter();
        sheet.Write(written);

        Assert.Equal("note;src;sport;dst;dport;proto;label\n"
            + "\"a;\"\"b\"\"\";10.0.0.1;1;10.0.0.2;443;tcp;\"web; or not\"\n", written.ToString());
    }

    [Theory]
    [InlineData("mac,label\n02:00:00:00:00,camera\n", ":2: '02:00:00:00:00' is no MAC address; use 00:17:88:01:02:03")]
    [InlineData("mac,label\n02:00:00:00:00:01,\n", ":2: the label is empty; give the device one, or remove the line")]
    [InlineData("a,b\n", ":1: no column 'mac' or 'label'; give a CSV with the columns mac,label")]
    [InlineData("mac,label\n02:00:00:00:00:01,a\n020000000001,b\n",
        ":3: 02:00:00:00:00:01 has another label above; remove one")]
    public void MacTable_BadLine_SaysWhatAndWhere(string table, string expected) => Assert.Equal(
        At("devices.csv") + expected, Assert.Throws<InputException>(() =>
            LabelFiller.Fill(Read(Three), new() { MacTable = File("devices.csv", table) })).Message);

    const string Three = Header
        + "web/a.pcap,10.0.0.1,1000,10.0.0.2,443,tcp,1700000000.5,1700000001.5,02:00:00:00:00:01,02:00:00:00:00:02,\n"
        + "dns/2017/a.pcap,10.0.0.1,1000,10.0.0.3,53,udp,1700000000.5,1700000001.5,02:00:00:00:00:04,"
        + "02:00:00:00:00:03,\n"
        + "ping/a.pcap,10.0.0.1,8,10.0.0.4,0,icmp,1700000000.5,1700000001.5,,,\n";

    string At(string name) => Path.Combine(folder, name);

    string File(string name, string text)
    {
        System.IO.File.WriteAllText(At(name), text);
        return At(name);
    }

    LabelSheet Read(string text) => LabelSheet.Read(File("labels.csv", text));

    static IReadOnlyList<string> Labels(LabelSheet sheet) => [.. sheet.Rows.Select(row => row.Label)];
}
