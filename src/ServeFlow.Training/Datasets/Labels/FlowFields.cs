using ServeFlow.Packets;
using ServeFlow.Flows;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Reads what names a flow out of a table's records: the five-tuple and the times.</summary>
/// <param name="path">The file's name in errors.</param>
sealed class FlowFields(ITableReader table, string path)
{
    public string Path => path;

    /// <summary>Reads the five-tuple of the record.</summary>
    /// <exception cref="InputException">A field of it is absent, or is not what it should be.</exception>
    public FlowTuple ReadTuple()
    {
        var (source, destination) = (ReadAddress(TableField.Source), ReadAddress(TableField.Destination));
        var protocol = ReadProtocol(isIpv6: !source.IsIpv4 && !destination.IsIpv4);
        var isIcmp = protocol is LabelKeys.Icmp or LabelKeys.Icmp6;
        var sourcePort = ReadPort(isIcmp, TableField.SourcePort, TableField.IcmpType);
        var destinationPort = ReadPort(isIcmp, TableField.DestinationPort, TableField.IcmpCode);
        return new(source, sourcePort, destination, destinationPort, protocol);
    }

    /// <summary>Reads a time of the record; null where it has none.</summary>
    /// <exception cref="InputException">The field is no time.</exception>
    public TableTime? ReadTime(TableField field) =>
        !table.TryFind(field, out var column, out var text) || text.Length == 0
            ? null
            : TimeText.TryParse(text, FieldNames.Normalize(column), out var time)
                ? time
                : throw Bad(column, text, "is no time; use Unix seconds such as 1700000000.25"
                    + (FieldNames.Normalize(column) == "firstts" ? "" : ", or rename the column if it is another"));

    /// <summary>Creates the error for a field that is not what it should be.</summary>
    /// <param name="column">The field's name in the file.</param>
    public InputException Bad(string column, string text, string what) =>
        new($"{path}:{table.Line}: column '{InputException.Quote(column)}': '{InputException.Quote(text)}' {what}");

    IpAddress ReadAddress(TableField field)
    {
        var (column, text) = Find(field);
        return IpAddress.TryParse(text, out var address)
            ? address
            : throw Bad(column, text, HasLeadingZero(text)
                ? "has leading zeros, which some programs read as octal numbers; write the address without them"
                : "is no IPv4 or IPv6 address");
    }

    /// <summary>Zeek calls ICMPv6 icmp too.</summary>
    byte ReadProtocol(bool isIpv6)
    {
        var (column, text) = Find(TableField.Protocol);
        return !ProtocolName.TryParse(text, out var number)
            ? throw Bad(column, text, $"is no protocol; use {ProtocolName.Allowed}")
            : number == LabelKeys.Icmp && isIpv6 ? LabelKeys.Icmp6 : number;
    }

    ushort ReadPort(bool isIcmp, TableField field, TableField ofIcmp)
    {
        var (column, text) = Find(isIcmp && table.TryFind(ofIcmp, out _, out _) ? ofIcmp : field);
        return WholeNumberText.TryParsePort(text, out var port)
            ? port
            : throw Bad(column, text, "is no port; use 0-65535");
    }

    (string Column, string Text) Find(TableField field)
    {
        if (table.TryFind(field, out var column, out var text))
        {
            return (column, text);
        }

        return table.TryFind(TableField.FlowId, out column, out var id) && FlowIdText.TryFind(id, field, out text)
            ? (column, text)
            : field is TableField.SourcePort or TableField.DestinationPort && table is JsonLinesTable
                ? (FieldNames.Find(field)[0], "")
                : throw new InputException($"{path}:{table.Line}: has no field '{FieldNames.Find(field)[0]}'; give "
                    + "every record its five-tuple: src, sport, dst, dport, proto");
    }

    static bool HasLeadingZero(string text) =>
        text.Split('.') is { Length: 4 } parts && parts.All(part => part.Length > 0 && part.All(char.IsAsciiDigit))
        && parts.Any(part => part.Length > 1 && part[0] == '0');
}

/// <summary>Represents a five-tuple as a table gives it.</summary>
readonly record struct FlowTuple(IpAddress Source, ushort SourcePort, IpAddress Destination, ushort DestinationPort,
    byte Protocol)
{
    /// <summary>Gets the key under which the record and its flow meet.</summary>
    public FlowKey Key => LabelKeys.Create(Source, SourcePort, Destination, DestinationPort, Protocol);

    /// <summary>Gets the type and code of ICMP, where the record gives any.</summary>
    public IcmpKind? Icmp => Protocol is LabelKeys.Icmp or LabelKeys.Icmp6 && (SourcePort | DestinationPort) != 0
        ? new IcmpKind(SourcePort, DestinationPort)
        : null;
}
