using System.Text;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// The names under which tables of flows keep what is read of them: ours, NFStream's, CICFlowMeter's, Zeek's, those of
/// Suricata's EVE, nDPI's, argus', nfdump's and IPFIX'. Case, spaces and punctuation do not matter, so that
/// <c>Src IP</c> and <c>src_ip</c> are one name.
/// </summary>
static class FieldNames
{
    static readonly string[][] Names = Create();

    /// <summary>Gets the names of a field without punctuation, the one that is preferred first.</summary>
    public static IReadOnlyList<string> Find(TableField field) => Names[(int)field];

    /// <summary>Removes from a column's name what does not matter.</summary>
    public static string Normalize(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Where(char.IsLetterOrDigit))
        {
            plain.Append(char.ToLowerInvariant(c));
        }

        return plain.ToString();
    }

    /// <summary>
    /// Determines whether a tool says by this word that it has no name for a flow. A column called <c>label</c> means
    /// what it says.
    /// </summary>
    public static bool IsUnnamed(string column, string value) => Normalize(column) is not ("label" or "class")
        && value.ToLowerInvariant() is "" or "-" or "unknown" or "failed" or "unclassified" or "n/a";

    static string[][] Create()
    {
        var names = new string[Enum.GetValues<TableField>().Length][];
        names[(int)TableField.Capture] = ["pcap", "pcapfilename", "capture"];
        names[(int)TableField.Source] = ["src", "srcip", "sourceip", "idorigh", "srcaddr", "saddr", "source",
            "sourceaddress", "ipsrc", "ipv4srcaddr", "sourceipv4address", "sourceipv6address", "sa"];
        names[(int)TableField.SourcePort] = ["sport", "srcport", "sourceport", "idorigp", "l4srcport",
            "sourcetransportport", "sp"];
        names[(int)TableField.Destination] = ["dst", "dstip", "destinationip", "destip", "idresph", "dstaddr", "daddr",
            "destination", "destinationaddress", "ipdst", "ipv4dstaddr", "destinationipv4address",
            "destinationipv6address", "da"];
        names[(int)TableField.DestinationPort] = ["dport", "dstport", "destinationport", "destport", "idrespp",
            "l4dstport", "dsport", "destinationtransportport", "dp"];
        names[(int)TableField.Protocol] = ["proto", "protocol", "ipproto", "protocolidentifier", "pr"];
        names[(int)TableField.Label] = ["label", "class", "applicationname", "ndpiproto", "appproto", "service",
            "serveflowlabel", "attackcat"];
        names[(int)TableField.FirstTime] = ["firstts", "bidirectionalfirstseenms", "flowstart", "ts", "firstseen",
            "firstseenms", "timestamp", "starttime", "stime", "flowstartmilliseconds", "flowstartmicroseconds",
            "flowstartnanoseconds", "flowstartseconds", "flowstarttime"];
        names[(int)TableField.LastTime] = ["lastts", "bidirectionallastseenms", "flowend", "lastseen", "lastseenms",
            "flowendmilliseconds", "flowendmicroseconds", "flowendnanoseconds", "flowendseconds", "flowendtime",
            "lasttime", "ltime"];
        names[(int)TableField.Duration] = ["duration", "dur"];
        names[(int)TableField.CommunityId] = ["communityid"];
        names[(int)TableField.FlowId] = ["flowid"];
        names[(int)TableField.EventType] = ["eventtype"];
        names[(int)TableField.IcmpType] = ["icmptype"];
        names[(int)TableField.IcmpCode] = ["icmpcode"];
        names[(int)TableField.SourceMac] = ["srcmac", "sourcemac", "origl2addr", "smac"];
        names[(int)TableField.DestinationMac] = ["dstmac", "destmac", "destinationmac", "respl2addr", "dmac"];
        return names;
    }
}
