using System.Globalization;
using System.Text;
using ServeFlow.Packets;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Reads a labels CSV: a header line, the columns <c>src,sport,dst,dport,proto,label</c> in any order, optionally
/// <c>pcap</c> and <c>first_ts</c>; other columns are left alone.
/// </summary>
sealed class LabelFile
{
    static readonly string[] Required = ["src", "sport", "dst", "dport", "proto", "label"];

    readonly string path;
    readonly CsvReader csv;
    readonly List<string> fields = [];
    readonly Dictionary<string, int> columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rows repeat few captures and labels; one string of each is kept.</summary>
    readonly Dictionary<string, string> interned = [];

    LabelFile(TextReader text, string path)
    {
        this.path = path;
        csv = new(text, path);
    }

    /// <exception cref="InputException">The file cannot be read, or a line is not what a labels file holds.</exception>
    public static List<LabelRow> Read(string path)
    {
        try
        {
            if (Directory.Exists(path) || !File.Exists(path))
            {
                throw new InputException($"{path}: {(Directory.Exists(path) ? "is a directory" : "no such file")}; "
                    + "the labels are a CSV file")
                {
                    Settings = [Setting.Labels],
                };
            }

            using var text = new StreamReader(path, Encoding.UTF8);
            return Read(text, path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: the labels cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Read(string)"/>
    public static List<LabelRow> Read(TextReader text, string path)
    {
        var file = new LabelFile(text, path);
        file.ReadHeader();
        var rows = new List<LabelRow>();
        while (file.csv.TryRead(file.fields))
        {
            rows.Add(file.ReadRow());
        }

        return rows.Count > 0 ? rows : throw new InputException($"{path}: no label rows below the header; add some");
    }

    void ReadHeader()
    {
        if (!csv.TryRead(fields))
        {
            throw new InputException($"{path}: empty; the first line must name the columns {Columns}");
        }

        for (var i = 0; i < fields.Count; i++)
        {
            if (!columns.TryAdd(fields[i].Trim().TrimStart('\uFEFF'), i))
            {
                throw new InputException($"{path}:1: column '{InputException.Quote(fields[i].Trim())}' is named twice; "
                    + "remove one");
            }
        }

        var missing = Required.Where(name => !columns.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new InputException($"{path}:1: no column '{string.Join("', '", missing)}'; found "
                + $"'{InputException.Quote(string.Join(",", fields))}', needed {Columns}");
        }
    }

    static string Columns => string.Join(",", Required) + " (and optionally pcap, first_ts)";

    LabelRow ReadRow()
    {
        if (fields.Count != columns.Count)
        {
            throw new InputException($"{path}:{csv.Line}: {fields.Count} fields where the header names "
                + $"{columns.Count}; quote fields that hold a comma");
        }

        var protocol = ProtocolName.TryParse(Field("proto"), out var number)
            ? number
            : throw new InputException(BadField("proto", $"is no protocol; use {ProtocolName.Allowed}"));
        var (sourcePort, destinationPort) = (Port("sport"), Port("dport"));
        var key = LabelKeys.Create(Address("src"), sourcePort, Address("dst"), destinationPort, protocol);
        var icmp = protocol is LabelKeys.Icmp or LabelKeys.Icmp6 && (sourcePort | destinationPort) != 0
            ? new IcmpKind(sourcePort, destinationPort)
            : (IcmpKind?)null;
        return new(Capture(), key, icmp, Label(), FirstNs(), csv.Line);
    }

    IpAddress Address(string column) =>
        IpAddress.TryParse(Field(column), out var address)
            ? address
            : throw new InputException(BadField(column, "is no IPv4 or IPv6 address"));

    /// <summary>An empty port is 0: protocols without ports have none to give.</summary>
    ushort Port(string column) =>
        Field(column) is { Length: > 0 } text
            ? ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? port
                : throw new InputException(BadField(column, "is no port; use 0-65535"))
            : (ushort)0;

    string Label() => Field("label") is { Length: > 0 } label
        ? Intern(label)
        : throw new InputException(BadField("label", "is empty"));

    string? Capture() =>
        columns.ContainsKey("pcap") && Field("pcap") is { Length: > 0 } capture
            ? capture.Contains('\0')
                ? throw new InputException(BadField("pcap", "is no file name"))
                : Intern(capture)
            : null;

    /// <summary>Decimal, not double: a double of Unix seconds is exact to a quarter of a microsecond only.</summary>
    long? FirstNs()
    {
        if (!columns.ContainsKey("first_ts") || Field("first_ts") is not { Length: > 0 } text)
        {
            return null;
        }

        // 9e9 seconds: the year 2255, and still inside 64 bits of nanoseconds.
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and < 9_000_000_000m
            ? (long)(seconds * 1_000_000_000m)
            : throw new InputException(BadField("first_ts", "is no time; use Unix seconds such as 1700000000.25"));
    }

    string Field(string column) => fields[columns[column]].Trim();

    string Intern(string text)
    {
        if (!interned.TryGetValue(text, out var known))
        {
            interned.Add(text, known = text);
        }

        return known;
    }

    string BadField(string column, string what) =>
        $"{path}:{csv.Line}: column '{column}': '{InputException.Quote(Field(column))}' {what}";
}
